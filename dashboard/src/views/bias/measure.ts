/** What fairness measures are like: where they are found, what no difference is, and which of them decided. */

import type { AttributeBias, BiasReport, Estimate, GroupBias, Judgement } from "../../api/types";
import { isMissing, sentenceCase } from "../../format";
import { bias as text } from "../../strings/bias";
import { measureName } from "../../words";

const RATIOS = new Set(["disparate_impact", "scoring_rate_ratio"]);

/** Of ratios 1 is no difference, of differences 0. */
export function isRatio(metric: string): boolean {
  return RATIOS.has(metric);
}

export function shortMeasure(metric: string): string {
  return text.shorts[metric] ?? sentenceCase(measureName(metric));
}

/** A disparity of a group, wherever the report keeps it. */
export function disparity(group: GroupBias, metric: string): Estimate | null {
  const own = (group as unknown as Record<string, unknown>)[metric];
  if (typeof own === "object" && own !== null && "value" in own) return own as Estimate;
  return group.disparities?.[metric] ?? null;
}

/** The rate that a measure compares; of those that compare several, or none that is kept, that of selection. */
const RATES: Readonly<Record<string, string>> = {
  equal_opportunity_difference: "true_positive_rate",
  false_positive_rate_difference: "false_positive_rate",
  predictive_parity_difference: "precision",
  false_omission_rate_difference: "false_omission_rate",
  accuracy_difference: "accuracy",
  scoring_rate_ratio: "scoring_rate",
  auc_difference: "auc",
};

export function rateBehind(metric: string): string {
  return RATES[metric] ?? "selection_rate";
}

export function rateOf(group: GroupBias, rate: string): Estimate {
  return group.rates?.[rate] ?? group.selection_rate;
}

/** How far from no difference, in units of the threshold. */
export function ofThreshold(metric: string, value: number, threshold: number): number | null {
  if (!isRatio(metric)) return threshold > 0 ? Math.abs(value) / threshold : null;
  return value > 0 && threshold > 0 && threshold !== 1 ? Math.abs(Math.log(value) / Math.log(threshold)) : null;
}

/** Findings of both kinds are equal here: the API puts what the model does before what is on record. */
const RANKS: Readonly<Record<string, number>> = {
  adverse_impact_indicated: 0,
  disparity_indicated: 0,
  inconclusive: 1,
  difference_under_threshold: 2,
  no_indication: 3,
  not_assessable: 4,
};

export function rank(verdict: string): number {
  return RANKS[verdict] ?? 0;
}

export interface Comparison {
  readonly name: string;
  readonly attribute: AttributeBias;
  readonly group: string;
  readonly metric: string;
  readonly estimate: Estimate;
  readonly judgement: Judgement;
}

/** Single attributes, then combinations, by their names. */
export function attributesOf(report: BiasReport): [string, AttributeBias][] {
  return [...Object.entries(report.attributes ?? {}), ...Object.entries(report.intersections ?? {})];
}

/**
 * Every judged comparison, the one that decided first: by verdict, the ratio before others, then the farthest off.
 * Where evidence adds up over windows, that is what decides, and not what the newest window says alone.
 */
export function comparisons(report: BiasReport): Comparison[] {
  const looks = new Map(
    (report.looks?.looks ?? []).map((look) => [place(look.attributes.join(" & "), look), look.verdict]),
  );
  const verdict = (one: Comparison): string => looks.get(place(one.name, one)) ?? one.judgement.verdict;
  const all = attributesOf(report).flatMap(([name, attribute]) =>
    Object.entries(attribute.groups).flatMap(([group, found]) =>
      Object.entries(found.judgements ?? {}).flatMap(([metric, judgement]) => {
        const estimate = disparity(found, metric);
        return estimate ? [{ name, attribute, group, metric, estimate, judgement }] : [];
      }),
    ),
  );
  const off = ({ metric, estimate, judgement }: Comparison): number =>
    isMissing(estimate.value) ? -1 : (ofThreshold(metric, estimate.value, judgement.threshold) ?? -1);
  return all.sort(
    (one, other) =>
      rank(verdict(one)) - rank(verdict(other)) ||
      Number(other.metric === "disparate_impact") - Number(one.metric === "disparate_impact") ||
      off(other) - off(one),
  );
}

function place(name: string, { group, metric }: { readonly group: string; readonly metric: string }): string {
  return JSON.stringify([name, group, metric]);
}

/** The measures of a report: those that the policy judges, then the others that have a number. */
export function measuresOf(report: BiasReport): string[] {
  const groups = attributesOf(report).flatMap(([, attribute]) => Object.values(attribute.groups));
  const judged = groups.flatMap((group) => Object.keys(group.judgements ?? {}));
  const others = groups.flatMap((group) =>
    Object.keys(group.disparities ?? {}).filter((name) => measured(group, name)),
  );
  const ordered = Object.keys(text.shorts);
  const order = (name: string): number => (ordered.indexOf(name) + ordered.length + 1) % (ordered.length + 1);
  const sorted = (names: readonly string[]): string[] =>
    [...new Set(names)].sort((one, other) => order(one) - order(other));
  return [...new Set([...sorted(judged), ...sorted(others)])];
}

function measured(group: GroupBias, metric: string): boolean {
  return !isMissing(group.disparities?.[metric]?.value);
}
