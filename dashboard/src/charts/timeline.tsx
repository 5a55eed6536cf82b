/** A measure by window: bands of its thresholds, what chance alone would give, and where the trouble began. */

import type { ReactNode } from "react";
import { isMissing, measure, setting } from "../format";
import type { Tone } from "../words";
import { anchor, pct, type Scale, scale } from "./scale";

export interface Point {
  readonly label: string;
  readonly value: number | null | undefined;
  readonly nullPoint: number | null | undefined;
  readonly tone: Tone;
  readonly text: string;
  readonly chosen: boolean;
}

export interface Band {
  readonly from: number;
  readonly tone: "warn" | "bad";
  readonly label: string;
}

export interface Timeline {
  readonly name: string;
  readonly summary: string;
  readonly points: readonly Point[];
  readonly bands: readonly Band[];
  /** Index of the first window of the present trouble. */
  readonly began: number | null;
}

const TOP = 22;
const HEIGHT = 210;
const PLOT = HEIGHT - TOP;

export function TimelineChart(chart: Timeline): ReactNode {
  const highest = Math.max(
    ...chart.points.flatMap((point) => [point.value ?? 0, point.nullPoint ?? 0]),
    ...chart.bands.slice(0, 1).map((band) => band.from * 1.3),
    0.01,
  );
  const y = scale(0, highest, 4);
  const down = (value: number): number => TOP + PLOT * (1 - y.at(value) / 100);
  const across = (index: number): number => ((index + 0.5) / chart.points.length) * 100;
  const svg = (
    <svg className="timeline" role="img" aria-label={chart.summary} height={HEIGHT + 28}>
      {bandAreas(chart.bands, y, down)}
      {grid(y, down)}
      {chart.began === null ? null : beginning(chart, across(chart.began), across(0))}
      {path(chart.points, across, down)}
      {chart.points.map((point, index) => dot(point, across(index), down))}
      {labels(chart.points, across)}
    </svg>
  );
  return (
    <figure className="chart">
      <figcaption>{chart.name}</figcaption>
      <div className="plot">
        {axis(y, down)}
        {svg}
      </div>
      {legend(chart)}
    </figure>
  );
}

function bandAreas(bands: readonly Band[], y: Scale, down: (value: number) => number): ReactNode {
  return bands
    .filter((band) => band.from < y.max)
    .map((band, index, shown) => {
      const upper = shown[index + 1]?.from ?? y.max;
      const top = down(Math.min(upper, y.max));
      return (
        <rect
          key={band.label}
          className={`band ${band.tone}`}
          x={0}
          width="100%"
          y={top}
          height={Math.max(0, down(band.from) - top)}
        />
      );
    });
}

function grid(y: Scale, down: (value: number) => number): ReactNode {
  return y.ticks.map((tick) => <line key={tick} className="grid" x1={0} x2="100%" y1={down(tick)} y2={down(tick)} />);
}

/** The numbers stand beside the plot in their own box, so the plot itself can be any width. */
function axis(y: Scale, down: (value: number) => number): ReactNode {
  return (
    <svg className="y-axis" height={HEIGHT + 28} aria-hidden="true">
      {y.ticks.map((tick) => (
        <text key={tick} x="100%" y={down(tick) + 4} textAnchor="end">
          {setting(tick)}
        </text>
      ))}
    </svg>
  );
}

function beginning(chart: Timeline, at: number, first: number): ReactNode {
  const x = Math.max(0, at - (100 / chart.points.length) * 0.5);
  const rightSide = x < 60;
  return (
    <g className="began">
      <line x1={pct(x)} x2={pct(x)} y1={4} y2={HEIGHT} />
      <text x={pct(x)} dx={rightSide ? 6 : -6} y={13} textAnchor={rightSide ? "start" : "end"}>
        {at === first ? "from the first window on" : `since ${chart.points[chart.began ?? 0]?.label ?? ""}`}
      </text>
    </g>
  );
}

/** Lines between neighbours that both have a value; a window without one leaves a gap, never a zero. */
function path(points: readonly Point[], across: (i: number) => number, down: (v: number) => number): ReactNode {
  const lines: ReactNode[] = [];
  for (let index = 1; index < points.length; index += 1) {
    const from = points[index - 1]?.value;
    const to = points[index]?.value;
    if (isMissing(from) || isMissing(to)) continue;
    lines.push(
      <line
        key={index}
        className="line"
        x1={pct(across(index - 1))}
        x2={pct(across(index))}
        y1={down(from)}
        y2={down(to)}
      />,
    );
  }
  return lines;
}

function dot(point: Point, at: number, down: (value: number) => number): ReactNode {
  const x = pct(at);
  return (
    <g key={point.label} className="point">
      <title>{point.text}</title>
      <rect className="hit" x={pct(at - 3)} width="6%" y={TOP} height={PLOT} />
      {isMissing(point.nullPoint) ? null : (
        <line
          className="null"
          x1={pct(at - 1.8)}
          x2={pct(at + 1.8)}
          y1={down(point.nullPoint)}
          y2={down(point.nullPoint)}
        />
      )}
      {isMissing(point.value) ? (
        <text className="gap" x={x} y={HEIGHT - 8} textAnchor="middle">
          ?
        </text>
      ) : (
        <circle
          className={`dot ${point.tone}${point.chosen ? " chosen" : ""}`}
          cx={x}
          cy={down(point.value)}
          r={point.chosen ? 6.5 : 4.5}
        />
      )}
    </g>
  );
}

const MOST_LABELS = 10;

function labels(points: readonly Point[], across: (index: number) => number): ReactNode {
  const every = Math.ceil(points.length / MOST_LABELS);
  return points.map((point, index) => {
    const rank = index % every ? "none" : (index / every) % 3 === 0 ? "major" : "minor";
    return (
      <text
        key={point.label}
        className={`x-label ${rank}${point.chosen ? " chosen" : ""}`}
        x={pct(across(index))}
        y={HEIGHT + 18}
        textAnchor={anchor(across(index))}
      >
        {point.label}
      </text>
    );
  });
}

function legend(chart: Timeline): ReactNode {
  const bands = chart.bands.map((band) => (
    <li key={band.label}>
      <span className={`swatch ${band.tone}`} />
      {`${band.label}: from ${measureOrSetting(band.from)}`}
    </li>
  ));
  const nulls = chart.points.some((point) => !isMissing(point.nullPoint)) ? (
    <li>
      <span className="swatch null" />
      what chance alone stays under (95 %)
    </li>
  ) : null;
  return (
    <ul className="legend">
      {bands}
      {nulls}
    </ul>
  );
}

function measureOrSetting(value: number): string {
  return value >= 0.001 ? setting(value) : measure(value);
}
