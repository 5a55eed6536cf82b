/** Estimates with their intervals by window, several series on one axis; the same numbers in a table below. */

import type { ReactNode } from "react";
import { interval, isMissing, NONE, setting } from "../format";
import { strings } from "../strings/charts";
import { anchor, pct, type Scale, scale } from "./scale";

export interface SeriesPoint {
  readonly value: number;
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
  /** What else the table says of it. */
  readonly said?: string;
}

export interface Series {
  readonly name: string;
  /** A filled dot, or a hollow diamond. */
  readonly shape: "dot" | "diamond";
  readonly points: readonly (SeriesPoint | null)[];
}

export interface Line {
  readonly value: number;
  /** Empty: the line of the same kind before it says it for both. */
  readonly label: string;
  readonly kind: "reference" | "threshold";
}

export interface SeriesChart {
  readonly name: string;
  readonly summary: string;
  readonly windows: readonly { readonly short: string; readonly full: string }[];
  readonly series: readonly Series[];
  readonly lines: readonly Line[];
  /** Windows that are set off, and what that means. */
  readonly marked?: { readonly at: readonly boolean[]; readonly name: string };
  readonly tick?: (value: number) => string;
}

const TOP = 10;
const HEIGHT = 200;
const PLOT = HEIGHT - TOP;
const MOST_LABELS = 10;

export function IntervalChart(chart: SeriesChart): ReactNode {
  const y = domain(chart);
  const down = (value: number): number => TOP + PLOT * (1 - y.at(value) / 100);
  const step = 100 / Math.max(1, chart.windows.length);
  const across = (index: number): number => (index + 0.5) * step;
  return (
    <figure className="chart">
      <figcaption>{chart.name}</figcaption>
      <div className="plot">
        <svg className="y-axis" height={HEIGHT + 28} aria-hidden="true">
          {y.ticks.map((tick) => (
            <text key={tick} x="100%" y={down(tick) + 4} textAnchor="end">
              {(chart.tick ?? setting)(tick)}
            </text>
          ))}
        </svg>
        <svg className="series" role="img" aria-label={chart.summary} height={HEIGHT + 28}>
          {chart.marked?.at.map((marked, index) =>
            marked ? (
              <rect
                key={chart.windows[index]?.full}
                className="band warn"
                x={pct(index * step)}
                width={pct(step)}
                y={TOP}
                height={PLOT}
              />
            ) : null,
          )}
          {y.ticks.map((tick) => (
            <line key={tick} className="grid" x1={0} x2="100%" y1={down(tick)} y2={down(tick)} />
          ))}
          {chart.lines.map((line) => (
            <line
              key={line.value}
              className={`mark ${line.kind}`}
              x1={0}
              x2="100%"
              y1={down(line.value)}
              y2={down(line.value)}
            />
          ))}
          {chart.series.map((one, place) => (
            <g key={one.name} className={`one ${one.shape}`}>
              {one.points.map((point, index) =>
                point
                  ? drawn(point, one.shape, across(index) + apart(place, chart.series.length, step), down, y)
                  : null,
              )}
            </g>
          ))}
          {labels(chart, across)}
        </svg>
      </div>
      {legend(chart)}
      <details>
        <summary>{strings.numbers}</summary>
        {table(chart)}
      </details>
    </figure>
  );
}

/** Side by side within a window, so that none hides another. */
function apart(place: number, of: number, step: number): number {
  return (place - (of - 1) / 2) * Math.min(step * 0.32, 2.4);
}

/** From the lowest to the highest limit: shares that all lie near one would show nothing on an axis from zero. */
function domain(chart: SeriesChart): Scale {
  const values = chart.lines.map(({ value }) => value);
  for (const { points } of chart.series)
    for (const point of points) {
      if (!point) continue;
      for (const one of [point.value, point.low, point.high]) if (!isMissing(one)) values.push(one);
    }
  if (values.length === 0) return scale(0, 1, 4);
  return scale(Math.min(...values), Math.max(...values), 4);
}

function drawn(
  point: SeriesPoint,
  shape: Series["shape"],
  at: number,
  down: (v: number) => number,
  y: Scale,
): ReactNode {
  const x = pct(at);
  const [low, high] = [down(point.low ?? y.min), down(point.high ?? y.max)];
  return (
    <g key={x}>
      <line className="whisker" x1={x} x2={x} y1={low} y2={high} />
      <svg x={x} y={down(point.value)} className="place" aria-hidden="true">
        {shape === "dot" ? <circle r={4.5} /> : <path d="M0-6 6 0 0 6-6 0Z" />}
      </svg>
    </g>
  );
}

function labels({ windows }: SeriesChart, across: (index: number) => number): ReactNode {
  const every = Math.ceil(windows.length / MOST_LABELS);
  return windows.map((window, index) => {
    const rank = index % every ? "none" : (index / every) % 3 === 0 ? "major" : "minor";
    return (
      <text
        key={window.full}
        className={`x-label ${rank}`}
        x={pct(across(index))}
        y={HEIGHT + 18}
        textAnchor={anchor(across(index))}
      >
        {window.short}
      </text>
    );
  });
}

function legend({ series, lines, marked }: SeriesChart): ReactNode {
  return (
    <ul className="legend">
      {series.map((one) => (
        <li key={one.name}>
          <svg className={`key-mark one ${one.shape}`} viewBox="-7 -7 14 14" aria-hidden="true">
            {one.shape === "dot" ? <circle r={4.5} /> : <path d="M0-6 6 0 0 6-6 0Z" />}
          </svg>
          {one.name}
        </li>
      ))}
      {lines
        .filter(({ label }) => label)
        .map((line) => (
          <li key={line.label}>
            <span className={`swatch across ${line.kind}`} />
            {line.label}
          </li>
        ))}
      {marked?.at.some(Boolean) ? (
        <li>
          <span className="swatch warn" />
          {marked.name}
        </li>
      ) : null}
    </ul>
  );
}

function table({ name, windows, series, marked }: SeriesChart): ReactNode {
  return (
    <table className="compact numbers">
      <caption className="visually-hidden">{name}</caption>
      <thead>
        <tr>
          <th scope="col">{strings.window}</th>
          {series.map((one) => (
            <th scope="col" key={one.name}>
              {one.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {windows.map((window, index) => (
          <tr key={window.full}>
            <th scope="row">
              {window.full}
              {marked?.at[index] ? <span className="reason">{marked.name}</span> : null}
            </th>
            {series.map((one) => {
              const point = one.points[index];
              return (
                <td key={one.name}>
                  {point ? interval(point) : NONE}
                  {point?.said ? <span className="reason">{point.said}</span> : null}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
