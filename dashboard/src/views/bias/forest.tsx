/** Groups side by side: rate and ratio as dots with 95 % whiskers, against the reference and the threshold. */

import type { ReactNode } from "react";
import type { AttributeBias, Estimate, GroupBias } from "../../api/types";
import { type Scale, scale } from "../../charts/scale";
import { type Mark, Strip, StripAxis } from "../../charts/strip";
import { StateBadge } from "../../components/state";
import { count, interval, isMissing, percent, probability, sentenceCase, setting } from "../../format";
import { word } from "../../words";

type Group = readonly [string, GroupBias];

interface ForestProps {
  readonly name: string;
  readonly attribute: AttributeBias;
  readonly threshold: number | null;
}

export function Forest({ name, attribute, threshold }: ForestProps): ReactNode {
  const groups: Group[] = Object.entries(attribute.groups);
  const reference = groups.find(([, group]) => group.is_reference)?.[1].selection_rate.value ?? null;
  const rates = domain(
    groups.map(([, group]) => group.selection_rate),
    rateMarks(reference, threshold),
  );
  const ratios = domain(
    groups.map(([, group]) => group.disparate_impact),
    ratioMarks(threshold),
  );
  return (
    <div className="stack">
      <table className="forest cards">
        <caption className="visually-hidden">{`Groups of ${name} with selection rate and ratio to the reference`}</caption>
        {head()}
        <tbody>
          {groups.map((group) => row(group, rates, rateMarks(reference, threshold), ratios, ratioMarks(threshold)))}
        </tbody>
        {foot(rates, ratios)}
      </table>
      {legend(attribute, threshold)}
      {disparities(groups)}
    </div>
  );
}

function rateMarks(reference: number | null, threshold: number | null): Mark[] {
  if (reference === null) return [];
  const marks: Mark[] = [{ value: reference, kind: "reference" }];
  if (threshold !== null) marks.push({ value: reference * threshold, kind: "threshold" });
  return marks;
}

function ratioMarks(threshold: number | null): Mark[] {
  const one: Mark = { value: 1, kind: "reference" };
  if (threshold === null) return [one];
  return [one, { value: threshold, kind: "threshold" }, { value: 1 / threshold, kind: "threshold" }];
}

/** From the lowest to the highest limit in view, with the marks. Open or far limits do not squeeze the rest. */
function domain(estimates: readonly Estimate[], marks: readonly Mark[]): Scale {
  const values = marks.map((mark) => mark.value);
  for (const { value, low, high } of estimates) {
    for (const limit of [value, low, high]) if (!isMissing(limit)) values.push(limit);
  }
  const most = Math.max(...marks.map((mark) => mark.value), ...estimates.map((one) => one.value ?? 0));
  const high = Math.min(Math.max(...values), most * 2);
  const margin = (high - Math.min(...values)) * 0.04; // a mark on the very edge would be lost
  const low = Math.max(0, Math.min(...values) - margin);
  return Number.isFinite(low) && Number.isFinite(high) ? scale(low, high + margin, 4) : scale(0, 1, 4);
}

function head(): ReactNode {
  return (
    <thead>
      <tr>
        <th scope="col">Group</th>
        <th scope="col" className="number">
          n
        </th>
        <th scope="col" className="wide">
          Selection rate (95 % interval)
        </th>
        <th scope="col" className="wide">
          Ratio to the reference (95 % interval)
        </th>
        <th scope="col">Verdict</th>
      </tr>
    </thead>
  );
}

function row([name, group]: Group, rates: Scale, rateLines: Mark[], ratios: Scale, ratioLines: Mark[]): ReactNode {
  const tone = group.is_reference ? "off" : word(group.verdict).tone;
  const share = percent(group.share, 0);
  return (
    <tr key={name}>
      <th scope="row">
        {name}
        {group.is_reference ? <span className="reason">reference</span> : null}
      </th>
      <td className="number" data-label="n">
        <span>
          {group.suppressed || isMissing(group.n) ? "few" : count(group.n)}
          <span className="reason">{share}</span>
        </span>
      </td>
      <td data-label="Rate">
        <div className="estimate">
          {plot(group.selection_rate, rates, rateLines, tone)}
          {rateText(group)}
        </div>
      </td>
      <td data-label="Ratio">
        {group.is_reference ? (
          <span className="quiet">1 by definition</span>
        ) : (
          <div className="estimate">
            {plot(group.disparate_impact, ratios, ratioLines, tone)}
            {ratioText(group.disparate_impact)}
          </div>
        )}
      </td>
      <td data-label="Verdict">
        <div>
          {group.is_reference ? null : <StateBadge name={group.verdict} />}
          <span className="reason">{sentenceCase(group.reason)}</span>
        </div>
      </td>
    </tr>
  );
}

function plot(estimate: Estimate, axis: Scale, marks: Mark[], tone: string): ReactNode {
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

function rateText(group: GroupBias): ReactNode {
  const { value, low, high, reason } = group.selection_rate;
  if (isMissing(value)) return <span className="reason">{reason ?? "undefined"}</span>;
  const selected =
    isMissing(group.selected) || isMissing(group.n) ? "" : ` · ${count(group.selected)} of ${count(group.n)}`;
  return (
    <span>
      {`${percent(value)} (${percent(low)}–${percent(high)})`}
      <span className="quiet">{selected}</span>
    </span>
  );
}

function ratioText(estimate: Estimate): ReactNode {
  if (isMissing(estimate.value)) return <span className="reason">{estimate.reason ?? "undefined"}</span>;
  const p = estimate.p_adjusted;
  const chance = isMissing(p) ? "" : ` · p ${probability(p).replace(/^(?=\d)/, "= ")}`;
  return (
    <span>
      {interval(estimate)}
      <span className="quiet" title="probability of a difference this large by chance, corrected over the groups">
        {chance}
      </span>
    </span>
  );
}

function foot(rates: Scale, ratios: Scale): ReactNode {
  return (
    <tfoot aria-hidden="true">
      <tr>
        <td />
        <td />
        <td>
          <StripAxis scale={rates} label={(value) => percent(value, 0)} />
        </td>
        <td>
          <StripAxis scale={ratios} label={setting} />
        </td>
        <td />
      </tr>
    </tfoot>
  );
}

function legend(attribute: AttributeBias, threshold: number | null): ReactNode {
  const reference = attribute.reference === "rest" ? "everybody else" : attribute.reference;
  return (
    <ul className="legend">
      {reference ? (
        <li>
          <span className="swatch reference" />
          {`reference: ${reference}`}
        </li>
      ) : null}
      {threshold === null ? null : (
        <li>
          <span className="swatch threshold" />
          {`threshold: ${setting(threshold)} of the reference, or ${setting(1 / threshold)}`}
        </li>
      )}
    </ul>
  );
}

const DISPARITIES = [
  ["demographic_parity_difference", "Difference of selection rates"],
  ["equal_opportunity_difference", "Difference of true positive rates"],
  ["predictive_parity_difference", "Difference of precision"],
] as const;

/** The other measures, for those who must choose and justify one: they are never averaged. */
function disparities(groups: readonly Group[]): ReactNode {
  const compared = groups.filter(([, group]) => !group.is_reference);
  // The chart shows the ratio; what is decided by another measure must not stay folded away.
  const decisive = compared.some(([, group]) => DISPARITIES.some(([metric]) => judged(group, metric) !== null));
  return (
    <details open={decisive}>
      <summary>Other measures</summary>
      <table className="cards disparities">
        <thead>
          <tr>
            <th scope="col">Group</th>
            {DISPARITIES.map(([metric, title]) => (
              <th scope="col" key={metric}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {compared.map(([name, group]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {DISPARITIES.map(([metric, title]) => (
                <td data-label={title} key={metric}>
                  <div>
                    {difference(group[metric])}
                    {judged(group, metric)}
                  </div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** What was found by this measure, with its threshold; null when the policy does not judge it or found nothing. */
function judged(group: GroupBias, metric: string): ReactNode {
  const judgement = group.judgements?.[metric];
  if (judgement?.verdict !== "adverse_impact_indicated" && judgement?.verdict !== "disparity_indicated") return null;
  return (
    <span className="reason">
      <StateBadge name={judgement.verdict} />
      {` threshold ${setting(judgement.threshold)}`}
    </span>
  );
}

function difference(estimate: Estimate): ReactNode {
  if (isMissing(estimate.value)) return <span className="quiet">{estimate.reason ?? "undefined"}</span>;
  return ratioText(estimate);
}
