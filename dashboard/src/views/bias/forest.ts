/** Groups side by side: rate and ratio as dots with 95 % whiskers, against the reference and the threshold. */

import type { AttributeBias, Estimate, GroupBias } from "../../api/reads";
import { type Scale, scale } from "../../charts/scale";
import { type Mark, strip, stripAxis } from "../../charts/strip";
import { stateBadge } from "../../components/state";
import { type Child, h } from "../../dom";
import { count, interval, isMissing, percent, probability, sentenceCase, setting } from "../../format";
import { word } from "../../words";

type Group = readonly [string, GroupBias];

export function forest(name: string, attribute: AttributeBias, threshold: number | null): HTMLElement {
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
  return h(
    "div",
    { class: "stack" },
    h(
      "table",
      { class: "forest cards" },
      h("caption", { class: "visually-hidden" }, `Groups of ${name} with selection rate and ratio to the reference`),
      head(),
      h(
        "tbody",
        {},
        groups.map((group) => row(group, rates, rateMarks(reference, threshold), ratios, ratioMarks(threshold))),
      ),
      foot(rates, ratios),
    ),
    legend(attribute, threshold),
    disparities(groups),
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

function head(): HTMLElement {
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      h("th", { scope: "col" }, "Group"),
      h("th", { scope: "col", class: "number" }, "n"),
      h("th", { scope: "col", class: "wide" }, "Selection rate (95 % interval)"),
      h("th", { scope: "col", class: "wide" }, "Ratio to the reference (95 % interval)"),
      h("th", { scope: "col" }, "Verdict"),
    ),
  );
}

function row([name, group]: Group, rates: Scale, rateLines: Mark[], ratios: Scale, ratioLines: Mark[]): HTMLElement {
  const tone = group.is_reference ? "off" : word(group.verdict).tone;
  const share = percent(group.share, 0);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, name, group.is_reference ? h("span", { class: "reason" }, "reference") : null),
    h(
      "td",
      { class: "number", "data-label": "n" },
      h(
        "span",
        {},
        group.suppressed || isMissing(group.n) ? "few" : count(group.n),
        h("span", { class: "reason" }, share),
      ),
    ),
    h(
      "td",
      { "data-label": "Rate" },
      h("div", { class: "estimate" }, plot(group.selection_rate, rates, rateLines, tone), rateText(group)),
    ),
    h(
      "td",
      { "data-label": "Ratio" },
      group.is_reference
        ? h("span", { class: "quiet" }, "1 by definition")
        : h(
            "div",
            { class: "estimate" },
            plot(group.disparate_impact, ratios, ratioLines, tone),
            ratioText(group.disparate_impact),
          ),
    ),
    h(
      "td",
      { "data-label": "Verdict" },
      h(
        "div",
        {},
        group.is_reference ? null : stateBadge(group.verdict),
        h("span", { class: "reason" }, sentenceCase(group.reason)),
      ),
    ),
  );
}

function plot(estimate: Estimate, axis: Scale, marks: Mark[], tone: string): Child {
  if (isMissing(estimate.value)) return null;
  return strip({ value: estimate.value, low: estimate.low, high: estimate.high }, axis, marks, tone);
}

function rateText(group: GroupBias): HTMLElement {
  const { value, low, high, reason } = group.selection_rate;
  if (isMissing(value)) return h("span", { class: "reason" }, reason ?? "undefined");
  const selected =
    isMissing(group.selected) || isMissing(group.n) ? "" : ` · ${count(group.selected)} of ${count(group.n)}`;
  return h("span", {}, `${percent(value)} (${percent(low)}–${percent(high)})`, h("span", { class: "quiet" }, selected));
}

function ratioText(estimate: Estimate): HTMLElement {
  if (isMissing(estimate.value)) return h("span", { class: "reason" }, estimate.reason ?? "undefined");
  const p = estimate.p_adjusted;
  const chance = isMissing(p) ? "" : ` · p ${probability(p).replace(/^(?=\d)/, "= ")}`;
  return h(
    "span",
    {},
    interval(estimate),
    h(
      "span",
      { class: "quiet", title: "probability of a difference this large by chance, corrected over the groups" },
      chance,
    ),
  );
}

function foot(rates: Scale, ratios: Scale): HTMLElement {
  return h(
    "tfoot",
    { "aria-hidden": "true" },
    h(
      "tr",
      {},
      h("td", {}),
      h("td", {}),
      h(
        "td",
        {},
        stripAxis(rates, (value) => percent(value, 0)),
      ),
      h("td", {}, stripAxis(ratios, setting)),
      h("td", {}),
    ),
  );
}

function legend(attribute: AttributeBias, threshold: number | null): HTMLElement {
  const reference = attribute.reference === "rest" ? "everybody else" : attribute.reference;
  return h(
    "ul",
    { class: "legend" },
    reference ? h("li", {}, h("span", { class: "swatch reference" }), `reference: ${reference}`) : null,
    threshold === null
      ? null
      : h(
          "li",
          {},
          h("span", { class: "swatch threshold" }),
          `threshold: ${setting(threshold)} of the reference, or ${setting(1 / threshold)}`,
        ),
  );
}

const DISPARITIES = [
  ["demographic_parity_difference", "Difference of selection rates"],
  ["equal_opportunity_difference", "Difference of true positive rates"],
  ["predictive_parity_difference", "Difference of precision"],
] as const;

/** The other measures, for those who must choose and justify one: they are never averaged. */
function disparities(groups: readonly Group[]): HTMLElement {
  const compared = groups.filter(([, group]) => !group.is_reference);
  // The chart shows the ratio; what is decided by another measure must not stay folded away.
  const decisive = compared.some(([, group]) => DISPARITIES.some(([metric]) => judged(group, metric) !== null));
  return h(
    "details",
    { open: decisive },
    h("summary", {}, "Other measures"),
    h(
      "table",
      { class: "cards disparities" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Group"),
          DISPARITIES.map(([, title]) => h("th", { scope: "col" }, title)),
        ),
      ),
      h(
        "tbody",
        {},
        compared.map(([name, group]) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, name),
            DISPARITIES.map(([metric, title]) =>
              h("td", { "data-label": title }, h("div", {}, difference(group[metric]), judged(group, metric))),
            ),
          ),
        ),
      ),
    ),
  );
}

/** What was found by this measure, with its threshold; null when the policy does not judge it or found nothing. */
function judged(group: GroupBias, metric: string): Child {
  const judgement = group.judgements?.[metric];
  if (judgement?.verdict !== "adverse_impact_indicated" && judgement?.verdict !== "disparity_indicated") return null;
  return h("span", { class: "reason" }, stateBadge(judgement.verdict), ` threshold ${setting(judgement.threshold)}`);
}

function difference(estimate: Estimate): HTMLElement {
  if (isMissing(estimate.value)) return h("span", { class: "quiet" }, estimate.reason ?? "undefined");
  return ratioText(estimate);
}
