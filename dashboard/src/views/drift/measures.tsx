/** All measures of a window, column by column, with the reason of each verdict. */

import type { ReactNode } from "react";
import type { DriftReport, FeatureDrift } from "../../api/types";
import { Breakable } from "../../components/breakable";
import { StateBadge } from "../../components/state";
import { isMissing, measure, NONE, percent, probability, sentenceCase } from "../../format";
import { tone } from "./labels";

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
      <p className="quiet note">{NOTE}</p>
    </div>
  );
}

/** In view, not on hover: touch and keyboard have none. */
const NOTE =
  "PSI: population stability index, 0 when nothing changed; “chance” is what 95 % of windows without any change stay under, “usual” what the baseline’s own windows do. " +
  "Test: Kolmogorov–Smirnov distance D of numbers, chi-square of categories; p is corrected over all columns of the window. " +
  "Shift: Wasserstein distance in standard deviations of the baseline. JS: Jensen–Shannon distance, 0 the same, 1 nothing in common. " +
  "Missing: share of empty values, baseline → window.";

function table(report: DriftReport): ReactNode {
  return (
    <table className="cards compact">
      <caption>Measures of this window</caption>
      <thead>
        <tr>
          <th scope="col">Column</th>
          {["PSI", "Test", "Shift (sd)", "JS", "Missing"].map((name) => (
            <th scope="col" className="number" key={name}>
              {name}
            </th>
          ))}
          <th scope="col">Verdict and reason</th>
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
      <td className="number" data-label="PSI">
        <span>
          {number(feature, "psi", feature.psi)}
          {nullPoint(feature)}
        </span>
      </td>
      <td className="number" data-label="Test">
        {test(feature)}
      </td>
      <td className="number" data-label="Shift (sd)">
        {number(feature, "wasserstein", feature.wasserstein)}
      </td>
      <td className="number" data-label="JS">
        {number(feature, "jensen_shannon", feature.jensen_shannon)}
      </td>
      <td className="number" data-label="Missing">
        <span>{missing(feature)}</span>
      </td>
      <td data-label="Verdict">
        <div>
          <StateBadge name={feature.verdict} />
          <span className="reason">{sentenceCase(feature.reason)}</span>
        </div>
      </td>
    </tr>
  );
}

/** A measure without a value says why on hover; the verdict's reason says what follows from it. */
function number(feature: FeatureDrift, name: string, value: number | null | undefined): ReactNode {
  const why = feature.undefined?.[name];
  return isMissing(value) ? (
    <span className="quiet" title={why ?? "not measured for this kind of column"}>
      {NONE}
    </span>
  ) : (
    <span>{measure(value)}</span>
  );
}

function nullPoint(feature: FeatureDrift): ReactNode {
  return isMissing(feature.psi_null_point) ? null : (
    <span className="reason">{`chance: ${measure(feature.psi_null_point)}${limit(feature)}`}</span>
  );
}

/** The limit that was learnt from the baseline's own windows, where it is larger than the policy's. */
function limit(feature: FeatureDrift): string {
  const judged = feature.limit;
  return judged && judged.learnt === judged.value ? `, usual up to ${measure(judged.value)}` : "";
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
