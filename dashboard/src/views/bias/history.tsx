/** How a disparity developed: each window alone, and all windows together with limits that hold at all times. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { BiasHistory, BiasReport } from "../../api/types";
import { useApp } from "../../app";
import { IntervalChart, type Line, type Series, type SeriesPoint } from "../../charts/series";
import { Older } from "../../components/older";
import { Empty, Panel } from "../../components/panel";
import { Time } from "../../components/time";
import { isMissing, measure, sentenceCase, setting, span } from "../../format";
import { bias as text } from "../../strings/bias";
import { measureName } from "../../words";
import { shortName } from "../drift/labels";
import type { Chosen } from "./map";
import { isRatio, rank, shortMeasure } from "./measure";

type Point = BiasHistory["points"][number];

interface HistoryProps {
  readonly id: string;
  readonly report: BiasReport;
  readonly chosen: Chosen;
  readonly threshold: number | null;
}

export function History({ id, report, chosen, threshold }: HistoryProps): ReactNode {
  const history = useQuery(useApp().reads.model(id).biasHistory(report.outcome));
  const look = report.looks?.looks.find((one) => isOf(one, chosen));
  return (
    <div className="stack" role="group" aria-label={text.history}>
      <div>
        <h3>{text.history}</h3>
        <p className="quiet">{text.looked}</p>
      </div>
      <p>{look ? `${sentenceCase(look.reason)}.` : text.noLooks}</p>
      {look?.rows_needed && look.rows_needed.rows !== null ? (
        <p className="quiet">
          {text.rowsNeeded(`${look.rows_needed.rows.toLocaleString("en")} rows`, look.rows_needed.reason)}
        </p>
      ) : null}
      <Panel what={text.historyOf} of={history} lines={5}>
        {(found) =>
          found.points.length ? (
            <>
              <Chart history={found} chosen={chosen} threshold={threshold} />
              <Crossings history={found} />
            </>
          ) : (
            <Empty what={text.noHistory} />
          )
        }
      </Panel>
      <Older
        id={id}
        check="bias"
        outcome={report.outcome}
        series={`${chosen.name}/${chosen.group}`}
        shown={isRatio(chosen.metric) ? "disparate_impact" : "selection_rate"}
      />
    </div>
  );
}

function isOf(look: { attributes: string[]; group: string; metric: string }, chosen: Chosen): boolean {
  return look.attributes.join(" & ") === chosen.name && look.group === chosen.group && look.metric === chosen.metric;
}

function Chart({
  history: { points },
  chosen,
  threshold,
}: {
  history: BiasHistory;
  chosen: Chosen;
  threshold: number | null;
}): ReactNode {
  const together = points.map((point, index) => cumulated(point, points[index - 1], chosen));
  const alone = points.map((point) => single(point, chosen));
  const series: Series[] = [
    { name: text.alone, shape: "dot" as const, points: alone },
    { name: text.together, shape: "diamond" as const, points: together },
  ].filter((one) => one.points.some(Boolean));
  if (series.length === 0) return null;
  return (
    <IntervalChart
      name={text.historyName(chosen.group, shortMeasure(chosen.metric))}
      summary={text.historyDrawn(chosen.group, shortMeasure(chosen.metric), points.length)}
      windows={points.map(({ window }) => ({ short: shortName(window), full: span(window) }))}
      series={series}
      lines={lines(chosen.metric, threshold)}
      marked={{ at: points.map((point) => rank(point.verdict) === 0), name: text.beyond }}
    />
  );
}

/** A new version starts anew: the numbers before it are not of what serves now. */
function cumulated(point: Point, before: Point | undefined, chosen: Chosen): SeriesPoint | null {
  const look = point.looks?.find((one) => isOf(one, chosen));
  if (!look || isMissing(look.effect.value)) return null;
  const { value, low, high } = look.effect;
  const anew = before?.version && point.version && before.version !== point.version;
  const said = [
    isMissing(point.needed) ? "" : text.evidence(measure(look.e), setting(point.needed)),
    anew ? text.startsAnew(point.version ?? "") : "",
  ].filter(Boolean);
  return { value, low, high, said: said.join("; ") };
}

/** Of single windows the history keeps the ratio of each group of an attribute. */
function single(point: Point, chosen: Chosen): SeriesPoint | null {
  const found = chosen.metric === "disparate_impact" ? point.attributes[chosen.name]?.[chosen.group] : undefined;
  const estimate = found?.disparate_impact;
  return estimate && !isMissing(estimate.value)
    ? { value: estimate.value, low: estimate.low, high: estimate.high }
    : null;
}

function lines(metric: string, threshold: number | null): Line[] {
  const same: Line = { value: isRatio(metric) ? 1 : 0, label: text.reference, kind: "reference" };
  if (threshold === null || threshold <= 0) return [same];
  const limits = isRatio(metric) ? [threshold] : [-threshold, threshold];
  const label = isRatio(metric)
    ? text.thresholdRatio(setting(threshold), setting(1 / threshold))
    : text.thresholdDifference(setting(threshold));
  return [same, ...limits.map((value, index): Line => ({ value, label: index ? "" : label, kind: "threshold" }))];
}

function Crossings({ history: { crossings } }: { history: BiasHistory }): ReactNode {
  if (crossings.length === 0) return null;
  return (
    <details>
      <summary>{text.crossings}</summary>
      <ul className="stack">
        {[...crossings].reverse().map((one) => (
          <li key={`${one.report_id} ${one.attribute} ${one.group} ${one.metric}`}>
            <Time at={one.at} />
            {` ${text.crossed(one.group, measureName(one.metric), one.direction === "began", measure(one.before), measure(one.after))}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
