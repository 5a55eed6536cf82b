/** All measures of a window, column by column, with the reason of each verdict. */

import type { DriftReport, FeatureDrift } from "../../api/reads";
import { stateBadge } from "../../components/state";
import { breakable, type Child, h } from "../../dom";
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

export function measures(report: DriftReport): HTMLElement {
  return h("div", { class: "stack" }, table(report), h("p", { class: "quiet note" }, NOTE));
}

/** In view, not on hover: touch and keyboard have none. */
const NOTE =
  "PSI: population stability index, 0 when nothing changed; “chance” is what 95 % of windows without any change stay under, “usual” what the baseline’s own windows do. " +
  "Test: Kolmogorov–Smirnov distance D of numbers, chi-square of categories; p is corrected over all columns of the window. " +
  "Shift: Wasserstein distance in standard deviations of the baseline. JS: Jensen–Shannon distance, 0 the same, 1 nothing in common. " +
  "Missing: share of empty values, baseline → window.";

function table(report: DriftReport): HTMLElement {
  return h(
    "table",
    { class: "cards compact" },
    h("caption", {}, "Measures of this window"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "Column"),
        ["PSI", "Test", "Shift (sd)", "JS", "Missing"].map((name) => h("th", { scope: "col", class: "number" }, name)),
        h("th", { scope: "col" }, "Verdict and reason"),
      ),
    ),
    h(
      "tbody",
      {},
      ranked(report).map(([name, feature]) => row(name, feature)),
    ),
  );
}

function row(name: string, feature: FeatureDrift): HTMLElement {
  const role = feature.role === "feature" ? feature.kind : `${feature.kind} ${feature.role}`;
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, breakable(name), h("span", { class: "reason" }, role)),
    h(
      "td",
      { class: "number", "data-label": "PSI" },
      h("span", {}, number(feature, "psi", feature.psi), nullPoint(feature)),
    ),
    h("td", { class: "number", "data-label": "Test" }, test(feature)),
    h("td", { class: "number", "data-label": "Shift (sd)" }, number(feature, "wasserstein", feature.wasserstein)),
    h("td", { class: "number", "data-label": "JS" }, number(feature, "jensen_shannon", feature.jensen_shannon)),
    h("td", { class: "number", "data-label": "Missing" }, h("span", {}, missing(feature))),
    h(
      "td",
      { "data-label": "Verdict" },
      h("div", {}, stateBadge(feature.verdict), h("span", { class: "reason" }, sentenceCase(feature.reason))),
    ),
  );
}

/** A measure without a value says why on hover; the verdict's reason says what follows from it. */
function number(feature: FeatureDrift, name: string, value: number | null | undefined): HTMLElement {
  const why = feature.undefined?.[name];
  return isMissing(value)
    ? h("span", { class: "quiet", title: why ?? "not measured for this kind of column" }, NONE)
    : h("span", {}, measure(value));
}

function nullPoint(feature: FeatureDrift): Child {
  return isMissing(feature.psi_null_point)
    ? null
    : h("span", { class: "reason" }, `chance: ${measure(feature.psi_null_point)}${limit(feature)}`);
}

/** The limit that was learnt from the baseline's own windows, where it is larger than the policy's. */
function limit(feature: FeatureDrift): string {
  const judged = feature.limit;
  return judged && judged.learnt === judged.value ? `, usual up to ${measure(judged.value)}` : "";
}

function test(feature: FeatureDrift): HTMLElement {
  const { ks, chi_square: chi } = feature;
  if (!isMissing(chi.statistic)) return result("χ²", chi.statistic, chi.p_adjusted); // of numbers too, when they repeat
  if (!isMissing(ks.statistic)) return result("D", ks.statistic, ks.p_adjusted);
  return h("span", { class: "quiet", title: (feature.kind === "numeric" ? ks.reason : chi.reason) ?? "" }, NONE);
}

function result(name: string, value: number, p: number | null | undefined): HTMLElement {
  return h("span", {}, `${name} ${measure(value)}`, h("span", { class: "reason" }, `p ${probability(p)}`));
}

function missing(feature: FeatureDrift): string {
  const { baseline, current } = feature.missing;
  return isMissing(baseline) && isMissing(current) ? NONE : `${percent(baseline)} → ${percent(current)}`;
}
