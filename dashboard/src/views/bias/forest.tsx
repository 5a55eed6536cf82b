/** Groups side by side by one measure: the rate and the disparity as dots with 95 % whiskers, against reference and threshold. */

import type { ReactNode } from "react";
import type { AttributeBias, Estimate, GroupBias } from "../../api/types";
import { type Scale, scale } from "../../charts/scale";
import { type Mark, Strip, StripAxis } from "../../charts/strip";
import { StateBadge } from "../../components/state";
import { count, counts, interval, isMissing, percent, probability, sentenceCase, setting, words } from "../../format";
import { bias as text } from "../../strings/bias";
import { word } from "../../words";
import { disparity, isRatio, rateBehind, rateOf, shortMeasure } from "./measure";

interface ForestProps {
  readonly name: string;
  readonly attribute: AttributeBias;
  readonly metric: string;
  readonly threshold: number | null;
  /** The group that is in focus. */
  readonly focus: string;
}

interface Axes {
  readonly rates: Scale;
  readonly rateMarks: readonly Mark[];
  readonly estimates: Scale;
  readonly marks: readonly Mark[];
}

export function Forest({ name, attribute, metric, threshold, focus }: ForestProps): ReactNode {
  const groups = Object.entries(attribute.groups);
  const rate = rateBehind(metric);
  const base = groups.find(([, group]) => group.is_reference)?.[1];
  const reference = base ? (rateOf(base, rate).value ?? null) : null;
  const rateMarks = marksOfRates(reference, metric === "disparate_impact" ? threshold : null);
  const marks = marksOf(metric, threshold);
  const axes: Axes = {
    rateMarks,
    marks,
    rates: domain(
      groups.map(([, group]) => rateOf(group, rate)),
      rateMarks,
      0,
    ),
    estimates: domain(
      groups.flatMap(([, group]) => disparity(group, metric) ?? []),
      marks,
      isRatio(metric) ? 0 : null,
    ),
  };
  const title = shortMeasure(metric);
  return (
    <div className="stack">
      <table className="forest cards">
        <caption className="visually-hidden">{text.forest(name, title)}</caption>
        <thead>
          <tr>
            <th scope="col">{text.group}</th>
            <th scope="col" className="number">
              {text.n}
            </th>
            <th scope="col" className="wide">
              {text.estimateHead(sentenceCase(words(rate)))}
            </th>
            <th scope="col" className="wide">
              {text.estimateHead(title)}
            </th>
            <th scope="col">{text.verdict}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(([group, found]) => (
            <Row key={group} name={group} group={found} metric={metric} axes={axes} focused={group === focus} />
          ))}
        </tbody>
        <tfoot aria-hidden="true">
          <tr>
            <td />
            <td />
            <td>
              <StripAxis scale={axes.rates} label={(value) => percent(value, 0)} />
            </td>
            <td>
              <StripAxis scale={axes.estimates} label={setting} />
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
      {legend(attribute, metric, threshold)}
    </div>
  );
}

function marksOfRates(reference: number | null, threshold: number | null): Mark[] {
  if (reference === null) return [];
  const marks: Mark[] = [{ value: reference, kind: "reference" }];
  if (threshold !== null) marks.push({ value: reference * threshold, kind: "threshold" });
  return marks;
}

function marksOf(metric: string, threshold: number | null): Mark[] {
  const same: Mark = { value: isRatio(metric) ? 1 : 0, kind: "reference" };
  if (threshold === null || threshold <= 0) return [same];
  const limits = isRatio(metric) ? [threshold, 1 / threshold] : [-threshold, threshold];
  return [same, ...limits.map((value): Mark => ({ value, kind: "threshold" }))];
}

/** From the lowest to the highest limit in view, with the marks. Open or far limits do not squeeze the rest. */
function domain(estimates: readonly Estimate[], marks: readonly Mark[], least: number | null): Scale {
  const values = marks.map((mark) => mark.value);
  for (const { value, low, high } of estimates) {
    for (const limit of [value, low, high]) if (!isMissing(limit)) values.push(limit);
  }
  const most = Math.max(...marks.map((mark) => mark.value), ...estimates.map((one) => one.value ?? 0));
  const high = Math.min(Math.max(...values), most > 0 ? most * 2 : Number.POSITIVE_INFINITY);
  const margin = (high - Math.min(...values)) * 0.04; // a mark on the very edge would be lost
  const low = Math.max(least ?? Number.NEGATIVE_INFINITY, Math.min(...values) - margin);
  return Number.isFinite(low) && Number.isFinite(high) ? scale(low, high + margin, 4) : scale(0, 1, 4);
}

interface RowProps {
  readonly name: string;
  readonly group: GroupBias;
  readonly metric: string;
  readonly axes: Axes;
  readonly focused: boolean;
}

function Row({ name, group, metric, axes, focused }: RowProps): ReactNode {
  const judgement = group.judgements?.[metric];
  const tone = group.is_reference || !judgement ? "off" : word(judgement.verdict).tone;
  const estimate = disparity(group, metric);
  const rate = rateBehind(metric);
  return (
    <tr className={focused ? "focused" : undefined}>
      <th scope="row">
        {name}
        {group.is_reference ? <span className="reason">{text.reference}</span> : null}
      </th>
      <td className="number" data-label={text.n}>
        <span>
          {group.suppressed || isMissing(group.n) ? text.few : count(group.n)}
          <span className="reason">{percent(group.share, 0)}</span>
        </span>
      </td>
      <td data-label={sentenceCase(words(rate))}>
        <div className="estimate">
          {plot(rateOf(group, rate), axes.rates, axes.rateMarks, tone)}
          {rateText(group, rate)}
        </div>
      </td>
      <td data-label={text.estimate}>
        {group.is_reference ? (
          <span className="quiet">{text.byDefinition(isRatio(metric) ? "1" : "0")}</span>
        ) : (
          <div className="estimate">
            {estimate ? plot(estimate, axes.estimates, axes.marks, tone) : null}
            {estimateText(estimate)}
          </div>
        )}
      </td>
      <td data-label={text.verdict}>
        <Verdict group={group} metric={metric} />
      </td>
    </tr>
  );
}

function Verdict({ group, metric }: Pick<RowProps, "group" | "metric">): ReactNode {
  const judgement = group.judgements?.[metric];
  const state = judgement ? <StateBadge name={judgement.verdict} /> : text.notJudgedWord;
  return (
    <div>
      {group.is_reference ? null : state}
      <span className="reason">{sentenceCase(judgement?.reason ?? group.reason)}</span>
      {judgement?.rows_needed ? <span className="reason">{needed(judgement.rows_needed)}</span> : null}
    </div>
  );
}

function needed({ rows, windows, reason }: { rows: number | null; windows?: number | null; reason: string }): string {
  if (rows === null) return text.noRowsHelp(reason);
  const more = isMissing(windows) ? "" : text.moreWindows(counts(windows, "window"));
  return `${text.rowsNeeded(counts(rows, "row"), reason)}${more}`;
}

function plot(estimate: Estimate, axis: Scale, marks: readonly Mark[], tone: string): ReactNode {
  if (isMissing(estimate.value)) return null;
  return (
    <Strip
      estimate={{ value: estimate.value, low: estimate.low, high: estimate.high }}
      scale={axis}
      marks={marks}
      tone={tone}
    />
  );
}

function rateText(group: GroupBias, rate: string): ReactNode {
  const { value, low, high, reason } = rateOf(group, rate);
  if (isMissing(value)) return <span className="reason">{reason ?? text.undefined}</span>;
  return (
    <span>
      {`${percent(value)} (${percent(low)}–${percent(high)})`}
      {rate !== "selection_rate" || isMissing(group.selected) || isMissing(group.n) ? null : (
        <span className="quiet">{text.selected(count(group.selected), count(group.n))}</span>
      )}
    </span>
  );
}

function estimateText(estimate: Estimate | null): ReactNode {
  if (!estimate || isMissing(estimate.value))
    return <span className="reason">{estimate?.reason ?? text.undefined}</span>;
  const p = estimate.p_adjusted;
  return (
    <span>
      {interval(estimate)}
      {isMissing(p) ? null : (
        <span className="quiet" title={text.chanceTitle}>
          {` · p ${probability(p).replace(/^(?=\d)/, "= ")}`}
        </span>
      )}
    </span>
  );
}

function legend(attribute: AttributeBias, metric: string, threshold: number | null): ReactNode {
  const reference = attribute.reference === "rest" ? text.everybodyElse : attribute.reference;
  return (
    <ul className="legend">
      {reference ? (
        <li>
          <span className="swatch reference" />
          {text.referenceIs(reference)}
        </li>
      ) : null}
      {threshold === null ? null : (
        <li>
          <span className="swatch threshold" />
          {isRatio(metric)
            ? text.thresholdRatio(setting(threshold), setting(1 / threshold))
            : text.thresholdDifference(setting(threshold))}
        </li>
      )}
    </ul>
  );
}
