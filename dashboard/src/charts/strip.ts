/** One estimate on a common scale: a dot with the whiskers of its 95 % interval, and lines to compare it with. */

import { h, s } from "../dom";
import { isMissing } from "../format";
import { anchor, pct, type Scale } from "./scale";

export interface Mark {
  readonly value: number;
  readonly kind: "reference" | "threshold";
}

export interface Estimate {
  readonly value: number;
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
}

export function strip(estimate: Estimate | null, scale: Scale, marks: readonly Mark[], tone: string): HTMLElement {
  const lines = marks
    .filter((mark) => mark.value >= scale.min && mark.value <= scale.max)
    .map((mark) =>
      s("line", {
        class: `mark ${mark.kind}`,
        x1: pct(scale.at(mark.value)),
        x2: pct(scale.at(mark.value)),
        y1: 0,
        y2: 28,
      }),
    );
  const svg = s("svg", { class: "strip", "aria-hidden": "true", height: 28 }, lines);
  if (estimate) svg.append(...whiskers(estimate, scale, tone));
  return h("div", { class: "strip-box" }, svg);
}

function whiskers(estimate: Estimate, scale: Scale, tone: string): SVGElement[] {
  const low = estimate.low ?? scale.min;
  const high = estimate.high ?? scale.max;
  const end = (at: number, open: boolean): SVGElement[] =>
    open ? [] : [s("line", { class: `whisker ${tone}`, x1: pct(at), x2: pct(at), y1: 9, y2: 19 })];
  return [
    s("line", { class: `whisker ${tone}`, x1: pct(scale.at(low)), x2: pct(scale.at(high)), y1: 14, y2: 14 }),
    ...end(scale.at(low), isMissing(estimate.low)),
    ...end(scale.at(high), isMissing(estimate.high)),
    s("circle", { class: `dot ${tone}`, cx: pct(scale.at(estimate.value)), cy: 14, r: 5 }),
  ];
}

/** The scale below a column of strips. */
export function stripAxis(scale: Scale, label: (value: number) => string): HTMLElement {
  const ticks = scale.ticks.map((tick, index) =>
    s(
      "g",
      { class: index % 2 ? "tick minor" : "tick" },
      s("line", { x1: pct(scale.at(tick)), x2: pct(scale.at(tick)), y1: 0, y2: 4 }),
      s("text", { x: pct(scale.at(tick)), y: 16, "text-anchor": anchor(scale.at(tick)) }, label(tick)),
    ),
  );
  return h("div", { class: "strip-box" }, s("svg", { class: "strip axis", "aria-hidden": "true", height: 20 }, ticks));
}
