/** Every feature in every window at a glance; a cell chooses what is shown below. */

import { type DriftHistory, WINDOWS } from "../../api/reads";
import { breakable, h } from "../../dom";
import { measure, NONE, span } from "../../format";
import { word } from "../../words";
import { shortName, tone } from "./labels";

export interface Choice {
  readonly feature: string;
  readonly report: string;
}

export interface Matrix {
  readonly element: HTMLElement;
  mark(choice: Choice): void;
}

type HistoryPoint = DriftHistory["points"][number];

export function matrix(
  points: readonly HistoryPoint[],
  features: readonly string[],
  choose: (choice: Partial<Choice>) => void,
): Matrix {
  const shown = points.slice(-WINDOWS);
  const cells = new Map<string, HTMLElement>();
  const names = new Map<string, HTMLElement>();
  const body = features.map((feature) => {
    const name = h("button", { type: "button", onClick: () => choose({ feature }) }, breakable(feature));
    names.set(feature, name);
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      shown.map((point) => {
        const value = point.columns[feature]?.psi;
        const cell = h(
          "button",
          {
            type: "button",
            class: `cell ${cellTone(point, feature)}`,
            onClick: () => choose({ feature, report: point.report_id }),
          },
          h("span", { class: "visually-hidden" }, `${feature}, ${span(point.window)}: ${state(point, feature)}, PSI `),
          value === null || value === undefined ? NONE : measure(value),
        );
        cells.set(key({ feature, report: point.report_id }), cell);
        return h("td", {}, cell);
      }),
    );
  });
  const table = h(
    "table",
    { class: "matrix" },
    h("caption", { class: "visually-hidden" }, "PSI of each column by window"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", {}),
        shown.map((point) => h("th", { scope: "col", title: span(point.window) }, shortName(point.window))),
      ),
    ),
    h("tbody", {}, body),
  );
  const scroll = h("div", { class: "scroll" }, table);
  requestAnimationFrame(() => {
    scroll.scrollLeft = scroll.scrollWidth; // the newest windows are the ones to see first
  });
  const mark = (choice: Choice): void => {
    for (const [place, cell] of cells) cell.setAttribute("aria-pressed", String(place === key(choice)));
    for (const [feature, name] of names) name.setAttribute("aria-pressed", String(feature === choice.feature));
  };
  const title = h("h3", {}, "PSI of each column by window");
  const hint = h(
    "p",
    { class: "quiet" },
    "Bold: drift, red when high or critical, yellow below that. Green: no drift. Choose a cell to see it below.",
  );
  return { element: h("div", { class: "stack" }, h("div", {}, title, hint), scroll), mark };
}

function key(choice: Choice): string {
  return `${choice.report} ${choice.feature}`;
}

function state(point: HistoryPoint, feature: string): string {
  const column = point.columns[feature];
  return column ? word(column.verdict).text : "not in this window";
}

function cellTone(point: HistoryPoint, feature: string): string {
  const column = point.columns[feature];
  return column ? tone(column.verdict, column.severity) : "off";
}
