/** Shares before and after, bin by bin: a table that a screen reader can read, drawn as paired bars. */

import { h, s } from "../dom";
import { count, percent } from "../format";
import { pct } from "./scale";

export interface Bin {
  readonly label: string;
  readonly before: number;
  readonly after: number;
}

export interface Sides {
  readonly before: { readonly name: string; readonly rows: number };
  readonly after: { readonly name: string; readonly rows: number };
}

/** `bins` hold shares of each side's rows, 0 to 1. */
export function bars(caption: string, bins: readonly Bin[], sides: Sides): HTMLElement {
  const most = Math.max(0.01, ...bins.flatMap((bin) => [bin.before, bin.after]));
  const rows = bins.map((bin) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, bin.label),
      h(
        "td",
        { class: "bar-cell" },
        s(
          "svg",
          { class: "bars", height: 22, "aria-hidden": "true" },
          s("rect", { class: "before", x: 0, y: 2, height: 8, width: pct((bin.before / most) * 100), rx: 1.5 }),
          s("rect", { class: "after", x: 0, y: 12, height: 8, width: pct((bin.after / most) * 100), rx: 1.5 }),
        ),
      ),
      h("td", { class: "number" }, percent(bin.before)),
      h("td", { class: "number" }, percent(bin.after)),
    ),
  );
  return h(
    "table",
    { class: "histogram" },
    h("caption", {}, caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "Values"),
        h("td", { class: "bar-cell" }),
        h(
          "th",
          { scope: "col", class: "number" },
          h("span", { class: "key before" }),
          sides.before.name,
          h("small", {}, `${count(sides.before.rows)} rows`),
        ),
        h(
          "th",
          { scope: "col", class: "number" },
          h("span", { class: "key after" }),
          sides.after.name,
          h("small", {}, `${count(sides.after.rows)} rows`),
        ),
      ),
    ),
    h("tbody", {}, rows),
  );
}
