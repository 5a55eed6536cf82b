/** Quality: what is wrong with the data of a window and, once labels came, how good the model was. */

import type { Performance, QualityReport } from "../../api/reads";
import { scale } from "../../charts/scale";
import { strip, stripAxis } from "../../charts/strip";
import { intakeLine } from "../../components/intake";
import { empty } from "../../components/panel";
import { stateBadge } from "../../components/state";
import { since, windowName } from "../../components/time";
import { type Child, h } from "../../dom";
import { count, counts, interval, isMissing, percent, sentenceCase, setting, words } from "../../format";
import { type Tone, urgency, word } from "../../words";

export function qualitySection(report: QualityReport | null): Child {
  if (report === null) {
    return empty(
      "Data quality was not checked yet.",
      "It is checked once a complete window of captured traffic is available.",
    );
  }
  return [
    h(
      "div",
      { class: "stack" },
      h(
        "p",
        {},
        stateBadge(report.verdict),
        " ",
        h(
          "span",
          { class: "quiet" },
          "Window: ",
          windowName(report.window),
          `, ${counts(report.rows, "row")}. Checked `,
          since(report.checked_at),
          ".",
        ),
      ),
      h("p", {}, sentenceCase(report.reason)),
      intakeLine(report.intake),
      (report.warnings ?? []).map((warning) => h("div", { class: "notice warn" }, h("p", {}, warning))),
    ),
    issues(report),
    report.performance ? performance(report.performance) : null,
  ];
}

/** How a quality report looks at a glance: the worse of its data and its model. */
export function qualityTone(report: QualityReport | null): Tone {
  if (report === null) return "off";
  const issuesTone = (report.issues ?? []).map((issue) => word(issue.severity).tone);
  const tones = [
    word(report.verdict).tone,
    ...issuesTone,
    ...(report.performance ? [word(report.performance.verdict).tone] : []),
  ];
  return tones.filter((tone) => tone !== "off").sort((one, other) => urgency(one) - urgency(other))[0] ?? "off";
}

function issues(report: QualityReport): Child {
  const found = report.issues ?? [];
  if (found.length === 0) return null;
  return h(
    "table",
    { class: "cards" },
    h("caption", {}, "What is wrong with the data"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["Column", "Check", "Severity", "Reason"].map((name) => h("th", { scope: "col" }, name)),
      ),
    ),
    h(
      "tbody",
      {},
      found.map((issue) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, issue.column ?? "all columns"),
          h("td", { "data-label": "Check" }, h("span", {}, words(issue.check))),
          h("td", { "data-label": "Severity" }, stateBadge(issue.severity)),
          h("td", { "data-label": "Reason" }, h("span", {}, sentenceCase(issue.reason))),
        ),
      ),
    ),
  );
}

function performance(found: Performance): Child {
  const metrics = Object.entries(found.metrics ?? {});
  const coverage = isMissing(found.coverage) ? "" : ` (${percent(found.coverage)})`;
  return h(
    "div",
    { class: "stack" },
    h("h3", {}, "The model against what turned out to be true"),
    h("p", {}, stateBadge(found.verdict), " ", sentenceCase(found.reason)),
    h(
      "p",
      { class: "quiet" },
      `${count(found.labelled)} of ${counts(found.rows, "row")} have a label${coverage}; ${count(found.late)} came after the window.`,
    ),
    metrics.length ? metricTable(metrics) : null,
  );
}

type Metric = NonNullable<Performance["metrics"]>[string];

function metricTable(metrics: readonly (readonly [string, Metric])[]): HTMLElement {
  const judged = metrics.some(([, metric]) => !isMissing(metric.level));
  return h(
    "table",
    { class: "forest metrics cards" },
    h("caption", { class: "visually-hidden" }, "Metrics of the model with their 95 % intervals"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "Metric"),
        h("th", { scope: "col", class: "wide" }, "Value (95 % interval)"),
        h("th", { scope: "col", class: "number" }, "n"),
        judged
          ? [h("th", { scope: "col", class: "number" }, "Declared level"), h("th", { scope: "col" }, "Verdict")]
          : null,
      ),
    ),
    h(
      "tbody",
      {},
      metrics.map(([name, metric]) => metricRow(name, metric, judged)),
    ),
    h(
      "tfoot",
      { "aria-hidden": "true" },
      h(
        "tr",
        {},
        h("td", {}),
        h("td", {}, h("div", { class: "estimate" }, stripAxis(SHARE, setting))),
        h("td", { colspan: judged ? 3 : 1 }),
      ),
    ),
  );
}

const SHARE = scale(0, 1);

const NAMES: Readonly<Record<string, string>> = { f1: "F1", auc: "AUC", brier: "Brier score" };

function metricName(name: string): string {
  return NAMES[name] ?? sentenceCase(words(name));
}

/** On one axis with metrics where 1 is best, an error needs a word. */
const ERRORS = new Set(["brier", "mae", "rmse"]);

function lowIsGood(name: string): Child {
  return ERRORS.has(name) ? h("span", { class: "reason" }, "lower is better") : null;
}

function metricRow(name: string, metric: Metric, judged: boolean): HTMLElement {
  const { value, low, high, level } = metric;
  const within = !isMissing(value) && value >= 0 && value <= 1 && (isMissing(high) || high <= 1);
  const marks = isMissing(level) ? [] : [{ value: level, kind: "threshold" as const }];
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, metricName(name), lowIsGood(name)),
    h(
      "td",
      { "data-label": "Value" },
      h(
        "div",
        { class: "estimate" },
        within ? strip({ value, low, high }, SHARE, marks, word(metric.verdict).tone) : null,
        h("span", {}, isMissing(value) ? (metric.reason ?? "undefined") : interval(metric)),
      ),
    ),
    h("td", { class: "number", "data-label": "n" }, h("span", {}, count(metric.n))),
    judged
      ? [h("td", { class: "number", "data-label": "Level" }, h("span", {}, setting(level))), judgement(metric)]
      : null,
  );
}

function judgement(metric: Metric): HTMLElement {
  const reason =
    !isMissing(metric.value) && metric.reason ? h("span", { class: "reason" }, sentenceCase(metric.reason)) : null;
  return h("td", { "data-label": "Verdict" }, h("div", {}, metric.verdict ? stateBadge(metric.verdict) : null, reason));
}
