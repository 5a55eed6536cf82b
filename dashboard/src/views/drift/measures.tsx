/** All measures of a window, column by column, with the reason of each verdict. */

import type { ReactNode } from "react";
import type { DriftReport, FeatureDrift } from "../../api/types";
import { Breakable } from "../../components/breakable";
import { StateBadge } from "../../components/state";
import { counts, isMissing, measure, NONE, percent, probability, sentenceCase } from "../../format";
import { drift as text } from "../../strings/drift";
import { tone } from "./labels";

const heads = text.columns;
const TONES = ["bad", "warn", "unsure", "good", "off"];

/** Columns by urgency, then by the size of their change. */
export function ranked(report: DriftReport): [string, FeatureDrift][] {
  const rank = (feature: FeatureDrift): number => TONES.indexOf(tone(feature.verdict, feature.severity));
  return Object.entries(report.features).sort(
    ([, one], [, other]) => rank(one) - rank(other) || (other.psi ?? -1) - (one.psi ?? -1),
  );
}

export function Measures({ report }: { report: DriftReport }): ReactNode {
  return (
    <div className="stack">
      {table(report)}
      {/* In view, not on hover: touch and keyboard have none. */}
      <p className="quiet note">{text.note}</p>
    </div>
  );
}

function table(report: DriftReport): ReactNode {
  return (
    <table className="cards compact">
      <caption>{text.measures}</caption>
      <thead>
        <tr>
          <th scope="col">{text.column}</th>
          {[heads.psi, heads.test, heads.shift, heads.js, heads.missing].map((name) => (
            <th scope="col" className="number" key={name}>
              {name}
            </th>
          ))}
          <th scope="col">{heads.verdict}</th>
        </tr>
      </thead>
      <tbody>{ranked(report).map(([name, feature]) => row(name, feature))}</tbody>
    </table>
  );
}

function row(name: string, feature: FeatureDrift): ReactNode {
  const role = feature.role === "feature" ? feature.kind : `${feature.kind} ${feature.role}`;
  return (
    <tr key={name}>
      <th scope="row">
        <Breakable name={name} />
        <span className="reason">{role}</span>
      </th>
      <td className="number" data-label={heads.psi}>
        <span>
          {number(feature, "psi", feature.psi)}
          {nullPoint(feature)}
        </span>
      </td>
      <td className="number" data-label={heads.test}>
        {test(feature)}
      </td>
      <td className="number" data-label={heads.shift}>
        {number(feature, "wasserstein", feature.wasserstein)}
      </td>
      <td className="number" data-label={heads.js}>
        {number(feature, "jensen_shannon", feature.jensen_shannon)}
      </td>
      <td className="number" data-label={heads.missing}>
        <span>{missing(feature)}</span>
      </td>
      <td data-label={text.verdict}>
        <div>
          <StateBadge name={feature.verdict} />
          <span className="reason">{sentenceCase(feature.reason)}</span>
          {isMissing(feature.rows_needed) ? null : (
            <span className="reason">{text.rowsNeeded(counts(feature.rows_needed, "row"))}</span>
          )}
          {feature.rows_reason && feature.verdict !== "not_comparable" ? (
            <span className="reason">{text.noRows(feature.rows_reason)}</span>
          ) : null}
        </div>
      </td>
    </tr>
  );
}

/** A measure without a value says why on hover; the verdict's reason says what follows from it. */
function number(feature: FeatureDrift, name: string, value: number | null | undefined): ReactNode {
  const why = feature.undefined?.[name];
  return isMissing(value) ? (
    <span className="quiet" title={why ?? text.notMeasured}>
      {NONE}
    </span>
  ) : (
    <span>{measure(value)}</span>
  );
}

function nullPoint(feature: FeatureDrift): ReactNode {
  return isMissing(feature.psi_null_point) ? null : (
    <span className="reason">{`${text.chance(measure(feature.psi_null_point))}${limit(feature)}`}</span>
  );
}

/** The limit that was learnt from the baseline's own windows, where it is larger than the policy's. */
function limit(feature: FeatureDrift): string {
  const judged = feature.limit;
  return judged && judged.learnt === judged.value ? text.usual(measure(judged.value)) : "";
}

function test(feature: FeatureDrift): ReactNode {
  const { ks, chi_square: chi } = feature;
  if (!isMissing(chi.statistic)) return result("χ²", chi.statistic, chi.p_adjusted); // of numbers too, when they repeat
  if (!isMissing(ks.statistic)) return result("D", ks.statistic, ks.p_adjusted);
  return (
    <span className="quiet" title={(feature.kind === "numeric" ? ks.reason : chi.reason) ?? ""}>
      {NONE}
    </span>
  );
}

function result(name: string, value: number, p: number | null | undefined): ReactNode {
  return (
    <span>
      {`${name} ${measure(value)}`}
      <span className="reason">{`p ${probability(p)}`}</span>
    </span>
  );
}

function missing(feature: FeatureDrift): string {
  const { baseline, current } = feature.missing;
  return isMissing(baseline) && isMissing(current) ? NONE : `${percent(baseline)} → ${percent(current)}`;
}
