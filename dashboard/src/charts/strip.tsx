/** One estimate on a common scale: a dot with the whiskers of its 95 % interval, and lines to compare it with. */

import type { ReactNode } from "react";
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

interface StripProps {
  readonly estimate: Estimate | null;
  readonly scale: Scale;
  readonly marks: readonly Mark[];
  readonly tone: string;
}

export function Strip({ estimate, scale, marks, tone }: StripProps): ReactNode {
  const lines = marks
    .filter((mark) => mark.value >= scale.min && mark.value <= scale.max)
    .map((mark) => (
      <line
        key={`${mark.kind} ${mark.value}`}
        className={`mark ${mark.kind}`}
        x1={pct(scale.at(mark.value))}
        x2={pct(scale.at(mark.value))}
        y1={0}
        y2={28}
      />
    ));
  return (
    <div className="strip-box">
      <svg className="strip" aria-hidden="true" height={28}>
        {lines}
        {estimate ? whiskers(estimate, scale, tone) : null}
      </svg>
    </div>
  );
}

function whiskers(estimate: Estimate, scale: Scale, tone: string): ReactNode {
  const low = estimate.low ?? scale.min;
  const high = estimate.high ?? scale.max;
  const end = (at: number, open: boolean): ReactNode =>
    open ? null : <line className={`whisker ${tone}`} x1={pct(at)} x2={pct(at)} y1={9} y2={19} />;
  return (
    <>
      <line className={`whisker ${tone}`} x1={pct(scale.at(low))} x2={pct(scale.at(high))} y1={14} y2={14} />
      {end(scale.at(low), isMissing(estimate.low))}
      {end(scale.at(high), isMissing(estimate.high))}
      <circle className={`dot ${tone}`} cx={pct(scale.at(estimate.value))} cy={14} r={5} />
    </>
  );
}

/** The scale below a column of strips. */
export function StripAxis({ scale, label }: { scale: Scale; label: (value: number) => string }): ReactNode {
  const ticks = scale.ticks.map((tick, index) => (
    <g key={tick} className={index % 2 ? "tick minor" : "tick"}>
      <line x1={pct(scale.at(tick))} x2={pct(scale.at(tick))} y1={0} y2={4} />
      <text x={pct(scale.at(tick))} y={16} textAnchor={anchor(scale.at(tick))}>
        {label(tick)}
      </text>
    </g>
  ));
  return (
    <div className="strip-box">
      <svg className="strip axis" aria-hidden="true" height={20}>
        {ticks}
      </svg>
    </div>
  );
}
