/** Did it hurt? What the model reached by labels and what was expected before they came, window by window on one axis. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Impact, ImpactHistory, QualityHistory, TimeWindow } from "../../api/types";
import { useApp } from "../../app";
import { IntervalChart, type Line, type Series, type SeriesPoint } from "../../charts/series";
import { Select } from "../../components/filters";
import { Older } from "../../components/older";
import { Empty, Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { counts, isMissing, measure, sentenceCase, setting, span, words } from "../../format";
import { useChoices } from "../../router";
import { drift as text } from "../../strings/drift";
import { quality } from "../../strings/quality";
import { type Tone, word } from "../../words";
import { shortName } from "./labels";

type Point = QualityHistory["points"][number];
type Estimates = NonNullable<NonNullable<Point["performance"]>["metrics"]>;

/** `windows` are those of another chart on the page, so that both have one axis. */
export function PerformanceOverTime({ id, windows }: { id: string; windows?: readonly TimeWindow[] }): ReactNode {
  const { reads } = useApp();
  const history = useQuery(reads.model(id).qualityHistory());
  const impact = useQuery(reads.model(id).impact());
  return (
    <div className="stack" role="group" aria-label={text.performance}>
      <h3>{text.performance}</h3>
      {impact.data ? <Harm impact={impact.data} /> : null}
      <Panel what={text.performanceOf} of={history} lines={6}>
        {(found) => <Chart id={id} history={found} impact={impact.data} windows={windows} />}
      </Panel>
    </div>
  );
}

const HARM: Readonly<Record<Impact["harm"], Tone>> = { hurt: "bad", not_seen: "good", unknown: "unsure" };

function Harm({ impact }: { impact: ImpactHistory }): ReactNode {
  const newest = impact.windows.at(-1);
  if (!newest) return <p className="quiet">{text.nothingLearnt}</p>;
  const about = newest.about && newest.about.start !== newest.window.start ? newest.about : null;
  return (
    <p>
      {text.hurtIn(span(newest.window))}
      <Badge word={{ tone: HARM[newest.harm], text: text.hurt[newest.harm] }} /> {sentenceCase(newest.reason)}.
      {newest.source === "expected" ? <span className="quiet">{` ${text.byExpectation}`}</span> : null}
      {about ? <span className="quiet">{` ${text.hurtAbout(span(about))}`}</span> : null}
    </p>
  );
}

interface ChartProps {
  readonly id: string;
  readonly history: QualityHistory;
  readonly impact: ImpactHistory | undefined;
  readonly windows: readonly TimeWindow[] | undefined;
}

function Chart({ id, history, impact, windows }: ChartProps): ReactNode {
  const [query, choose] = useChoices();
  const points = new Map(history.points.map((point) => [point.window.start, point]));
  const metrics = [...new Set(history.points.flatMap((point) => measured(point)))];
  if (metrics.length === 0) return <Empty what={text.noPerformance} hint={text.noPerformanceHint} />;
  const metric = metrics.find((name) => name === query["metric"]) ?? (metrics[0] as string);
  const axis = onOneAxis(windows ?? [], history);
  const drifted = new Set(
    (impact?.windows ?? []).filter((one) => one.drift === "drift").map((one) => one.window.start),
  );
  const series: Series[] = [
    { name: text.realised, shape: "dot", points: axis.map(({ start }) => realised(points.get(start), metric)) },
    { name: text.expected, shape: "diamond", points: axis.map(({ start }) => expected(points.get(start), metric)) },
  ];
  const needed = history.points.at(-1)?.performance?.rows_needed;
  return (
    <>
      <div className="filters">
        <Select
          label={text.metric}
          value={metric}
          options={metrics.map((name) => [name, metricName(name)] as const)}
          choose={(name) => choose({ metric: name === metrics[0] ? null : name })}
        />
        {LOW_IS_GOOD.has(metric) ? <span className="quiet">{text.lowIsGood}</span> : null}
      </div>
      {isMissing(needed) ? null : <p className="quiet">{text.labelsNeeded(counts(needed, "row"))}</p>}
      <IntervalChart
        name={text.overTime(metricName(metric))}
        summary={text.series(metricName(metric), axis.length)}
        windows={axis.map((window) => ({ short: shortName(window), full: span(window) }))}
        series={series.filter((one) => one.points.some(Boolean))}
        lines={lines(history, impact, metric)}
        marked={{ at: axis.map(({ start }) => drifted.has(start)), name: text.drifted }}
      />
      <Older id={id} check="quality" series={`performance:${metric}`} shown="value" />
    </>
  );
}

/** Of errors less is better. */
export const LOW_IS_GOOD = new Set(["brier", "mae", "rmse"]);

export function metricName(name: string): string {
  return quality.names[name] ?? sentenceCase(words(name));
}

function measured(point: Point): string[] {
  const of = (estimates: Estimates | undefined): string[] =>
    Object.entries(estimates ?? {}).flatMap(([name, one]) => (isMissing(one.value) ? [] : [name]));
  return [...of(point.performance?.metrics), ...of(point.expected?.metrics)];
}

/** The windows of both, oldest first. */
function onOneAxis(windows: readonly TimeWindow[], history: QualityHistory): TimeWindow[] {
  const all = new Map([...windows, ...history.points.map(({ window }) => window)].map((one) => [one.start, one]));
  return [...all.values()].sort((one, other) => one.start.localeCompare(other.start));
}

function estimate(estimates: Estimates | undefined, metric: string): SeriesPoint | null {
  const found = estimates?.[metric];
  return found && !isMissing(found.value) ? { value: found.value, low: found.low, high: found.high } : null;
}

function realised(point: Point | undefined, metric: string): SeriesPoint | null {
  return estimate(point?.performance?.metrics, metric);
}

/** Whether the labels bore it out stands in the table. */
function expected(point: Point | undefined, metric: string): SeriesPoint | null {
  const found = estimate(point?.expected?.metrics, metric);
  const verdict = point?.expected?.verdict;
  return found && verdict && verdict !== "expected" ? { ...found, said: word(verdict).text } : found;
}

function lines(history: QualityHistory, impact: ImpactHistory | undefined, metric: string): Line[] {
  const level = history.points.at(-1)?.performance?.metrics?.[metric]?.level;
  const calm = impact?.windows.at(-1)?.metrics?.find((one) => one.metric === metric)?.before;
  return [
    ...(isMissing(calm) ? [] : [{ value: calm, label: text.calm(measure(calm)), kind: "reference" as const }]),
    ...(isMissing(level) ? [] : [{ value: level, label: text.level(setting(level)), kind: "threshold" as const }]),
  ];
}
