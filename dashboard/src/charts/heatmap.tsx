/** Rows by columns at a glance: the stronger the colour, the larger the number. A grid that one walks with the arrow keys. */

import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Breakable } from "../components/breakable";
import type { Tone } from "../words";

export interface HeatCell {
  readonly tone: Tone;
  /** How large the number is beside its limit; null: there is none. */
  readonly ofLimit: number | null;
  readonly shown: string;
  /** What a cell is about, for those who do not see where it stands. */
  readonly spoken: string;
}

interface Named {
  readonly key: string;
  readonly label: string;
  readonly title?: string;
}

interface HeatProps {
  readonly caption: string;
  readonly columns: readonly Named[];
  readonly rows: readonly Named[];
  cell(row: string, column: string): HeatCell | null;
  readonly chosen: { readonly row: string; readonly column: string };
  choose(row: string, column: string | null): void;
  /** Of windows the newest, at the end, are the ones to see first. */
  readonly fromEnd?: boolean;
  /** Whether names of columns are long and break. */
  readonly wraps?: boolean;
}

export function HeatMap({ caption, columns, rows, cell, chosen, choose, fromEnd, wraps }: HeatProps): ReactNode {
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (fromEnd && scroll.current) scroll.current.scrollLeft = scroll.current.scrollWidth;
  }, [fromEnd]);
  const tab = useRoving(rows, columns, chosen);
  return (
    <div className="scroll" ref={scroll}>
      <table
        className={wraps ? "matrix wraps" : "matrix"}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked with arrow keys is a grid
        role="grid"
        aria-label={caption}
        onKeyDown={(event) => moveInGrid(event, tab.table)}
      >
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th scope="col" title={column.title} key={column.key}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={tab.table}>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" title={row.title}>
                <button
                  type="button"
                  aria-pressed={row.key === chosen.row}
                  onClick={() => choose(row.key, null)}
                  {...tab.of(row.key, "")}
                >
                  <Breakable name={row.label} />
                </button>
              </th>
              {columns.map((column) => {
                const found = cell(row.key, column.key);
                return (
                  <td key={column.key}>
                    {found ? (
                      <button
                        type="button"
                        className={`cell ${found.tone} ${grade(found)}`}
                        aria-pressed={row.key === chosen.row && column.key === chosen.column}
                        onClick={() => choose(row.key, column.key)}
                        {...tab.of(row.key, column.key)}
                      >
                        <span className="visually-hidden">{`${found.spoken} `}</span>
                        {found.shown}
                      </button>
                    ) : null}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Five strengths: hardly anything, well under the limit, about it, over it, a multiple of it. */
export function grade({ ofLimit }: Pick<HeatCell, "ofLimit">): string {
  if (ofLimit === null) return "";
  return ofLimit < 0.2 ? "g0" : ofLimit < 0.6 ? "g1" : ofLimit < 1.5 ? "g2" : ofLimit < 4 ? "g3" : "g4";
}

interface Roving {
  readonly table: RefObject<HTMLTableSectionElement | null>;
  of(row: string, column: string): { readonly tabIndex: number; onFocus(): void };
}

/** One stop of the Tab key for the whole grid: where the focus was last, or else what is chosen. */
function useRoving(rows: readonly Named[], columns: readonly Named[], chosen: HeatProps["chosen"]): Roving {
  const table = useRef<HTMLTableSectionElement>(null);
  const [last, setLast] = useState<string | null>(null);
  const place = (row: string, column: string): string => JSON.stringify([row, column]);
  const known =
    last !== null &&
    rows.some(({ key }) => last === place(key, "") || columns.some((column) => last === place(key, column.key)));
  const first = rows.some(({ key }) => key === chosen.row) ? chosen.row : (rows[0]?.key ?? "");
  const stop = known ? last : place(first, "");
  return {
    table,
    of: (row, column) => ({
      tabIndex: stop === place(row, column) ? 0 : -1,
      onFocus: () => setLast(place(row, column)),
    }),
  };
}

type Step = (row: number, column: number, rows: number, columns: number) => readonly [number, number];

const STEPS: Readonly<Record<string, Step>> = {
  ArrowUp: (row, column) => [row - 1, column],
  ArrowDown: (row, column) => [row + 1, column],
  ArrowLeft: (row, column) => [row, column - 1],
  ArrowRight: (row, column) => [row, column + 1],
  Home: (row) => [row, 0],
  End: (row, _, __, columns) => [row, columns - 1],
  PageUp: (_, column) => [0, column],
  PageDown: (_, column, rows) => [rows - 1, column],
};

function moveInGrid(event: KeyboardEvent<HTMLTableElement>, body: RefObject<HTMLTableSectionElement | null>): void {
  const step = STEPS[event.key];
  const here = (event.target as HTMLElement).closest<HTMLTableCellElement>("td, th");
  const row = here?.parentElement as HTMLTableRowElement | null;
  const rows = body.current?.rows;
  if (!step || !here || !row || !rows || event.altKey || event.metaKey) return;
  const at = [...rows].indexOf(row);
  const [down, right] = step(at, here.cellIndex, rows.length, row.cells.length);
  const next = rows[down]?.cells[right]?.querySelector("button");
  event.preventDefault(); // the page must not scroll away at the edge of the grid
  next?.focus();
}
