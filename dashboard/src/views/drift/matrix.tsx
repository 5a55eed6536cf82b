/** Every feature in every window at a glance; a cell chooses what is shown below. */

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { WINDOWS } from "../../api/model_reads";
import type { DriftHistory } from "../../api/types";
import { Breakable } from "../../components/breakable";
import { measure, NONE, span } from "../../format";
import { word } from "../../words";
import { shortName, tone } from "./labels";

export interface Choice {
  readonly feature: string;
  readonly report: string;
}

type HistoryPoint = DriftHistory["points"][number];

interface MatrixProps {
  readonly points: readonly HistoryPoint[];
  readonly features: readonly string[];
  readonly choice: Choice;
  choose(choice: Partial<Choice>): void;
}

export function Matrix({ points, features, choice, choose }: MatrixProps): ReactNode {
  const shown = points.slice(-WINDOWS);
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The newest windows are the ones to see first.
    if (scroll.current) scroll.current.scrollLeft = scroll.current.scrollWidth;
  }, []);
  return (
    <div className="stack">
      <div>
        <h3>PSI of each column by window</h3>
        <p className="quiet">
          Bold: drift, red when high or critical, yellow below that. Green: no drift. Choose a cell to see it below; the
          arrow keys move between cells.
        </p>
      </div>
      <div className="scroll" ref={scroll}>
        <table className="matrix" onKeyDown={moveInGrid}>
          <caption className="visually-hidden">PSI of each column by window</caption>
          <thead>
            <tr>
              <td />
              {shown.map((point) => (
                <th scope="col" title={span(point.window)} key={point.report_id}>
                  {shortName(point.window)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {features.map((feature) => (
              <tr key={feature}>
                <th scope="row">
                  <button type="button" aria-pressed={feature === choice.feature} onClick={() => choose({ feature })}>
                    <Breakable name={feature} />
                  </button>
                </th>
                {shown.map((point) => (
                  <td key={point.report_id}>{cell(point, feature, choice, choose)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function cell(point: HistoryPoint, feature: string, choice: Choice, choose: MatrixProps["choose"]): ReactNode {
  const value = point.columns[feature]?.psi;
  return (
    <button
      type="button"
      className={`cell ${cellTone(point, feature)}`}
      aria-pressed={point.report_id === choice.report && feature === choice.feature}
      onClick={() => choose({ feature, report: point.report_id })}
    >
      <span className="visually-hidden">{`${feature}, ${span(point.window)}: ${state(point, feature)}, PSI `}</span>
      {value === null || value === undefined ? NONE : measure(value)}
    </button>
  );
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The arrow keys move the focus between cells, as in a grid; Tab still visits each. */
function moveInGrid(event: KeyboardEvent<HTMLTableElement>): void {
  const step = STEPS[event.key];
  const here = (event.target as HTMLElement).closest<HTMLTableCellElement>("td, th");
  const row = here?.parentElement as HTMLTableRowElement | null;
  if (!step || !here || !row) return;
  const next =
    event.currentTarget.rows[row.rowIndex + step[0]]?.cells[here.cellIndex + step[1]]?.querySelector("button");
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function state(point: HistoryPoint, feature: string): string {
  const column = point.columns[feature];
  return column ? word(column.verdict).text : "not in this window";
}

function cellTone(point: HistoryPoint, feature: string): string {
  const column = point.columns[feature];
  return column ? tone(column.verdict, column.severity) : "off";
}
