/** Drift: what changed against the baseline, since when, and by how much. */

import type { DriftHistory, DriftReport, FeatureDrift, FeatureTrend } from "../../api/reads";
import { bars } from "../../charts/bars";
import { type Band, timeline } from "../../charts/timeline";
import { intakeLine } from "../../components/intake";
import { empty, panel } from "../../components/panel";
import { stateBadge } from "../../components/state";
import { since, windowName } from "../../components/time";
import { type Child, h, replace } from "../../dom";
import { count, measure, NONE, setting, span } from "../../format";
import { replaceQuery } from "../../router";
import { bins, shortName, tone } from "./labels";
import { type Choice, matrix } from "./matrix";
import { measures, ranked } from "./measures";

export interface DriftReads {
  report(reportId: string): Promise<DriftReport>;
  trend(feature: string): Promise<FeatureTrend>;
}

export interface DriftData {
  readonly latest: DriftReport | null;
  readonly history: DriftHistory;
}

export function driftSection(data: DriftData, reads: DriftReads, wanted: Readonly<Record<string, string>>): Child {
  const { latest, history } = data;
  if (latest === null) {
    return empty(
      "Drift was not checked yet.",
      "It is checked when a baseline is set and a complete window of captured traffic is there.",
    );
  }
  const features = ranked(latest).map(([name]) => name);
  let choice: Choice = {
    feature: features.find((name) => name === wanted["feature"]) ?? features[0] ?? "",
    report: history.points.find((point) => point.report_id === wanted["window"])?.report_id ?? latest.id,
  };
  const detail = h("div", { class: "panel", "aria-live": "polite" });
  const grid = matrix(history.points, features, cellTone(latest), (change) => {
    choice = { ...choice, ...change };
    replaceQuery({ feature: choice.feature, window: choice.report === latest.id ? null : choice.report });
    showChoice();
  });
  const showChoice = (): void => {
    grid.mark(choice);
    const { feature, report } = choice;
    const read = async (): Promise<[FeatureTrend, DriftReport]> =>
      Promise.all([reads.trend(feature), report === latest.id ? latest : reads.report(report)]);
    const shown = panel(`the history of ${feature}`, read, ([trend, chosen]) => [
      h("h3", {}, feature),
      h("div", { class: "columns" }, trendChart(trend, chosen), sides(feature, chosen)),
      measures(chosen),
    ]);
    replace(detail, shown.element);
    void shown.load();
  };
  if (features.length) showChoice();
  return [summary(latest), history.points.length ? grid.element : null, detail];
}

function cellTone(latest: DriftReport): (point: DriftHistory["points"][number], feature: string) => string {
  const bands = latest.policy.severity_levels;
  return (point, feature) => {
    const psi = point.psi[feature];
    if (psi === null || psi === undefined) return "unsure";
    if (!(point.drifted ?? []).includes(feature))
      return point.verdict === "drift" ? "good" : tone(point.verdict, "none");
    return psi > bands.high ? "bad" : "warn";
  };
}

function summary(report: DriftReport): HTMLElement {
  const { baseline, current } = report.rows;
  return h(
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
        report.window ? ["Newest window: ", windowName(report.window), ". "] : null,
        `${count(current)} rows against ${count(baseline)} of the baseline. Checked `,
        since(report.checked_at),
        ".",
      ),
    ),
    h("p", {}, report.reason),
    intakeLine(report.intake),
    (report.warnings ?? []).map((warning) => h("div", { class: "notice warn" }, h("p", {}, warning))),
  );
}

function trendChart(trend: FeatureTrend, chosen: DriftReport): HTMLElement {
  const episode = (trend.episodes ?? []).filter((one) => one.feature === trend.feature).at(-1);
  const began = episode?.ongoing ? trend.points.findIndex((point) => point.window.start === episode.first.start) : -1;
  const newest = trend.points.at(-1);
  return timeline({
    name: `PSI of ${trend.feature} by window`,
    summary: `PSI of ${trend.feature} in ${trend.points.length} windows. ${
      newest ? `Newest: ${measure(newest.psi)} in ${span(newest.window)}.` : ""
    } ${began >= 0 && episode ? `Drifts since ${span(episode.first)}.` : "It does not drift now."} The same numbers are in the table of windows.`,
    points: trend.points.map((point) => ({
      label: shortName(point.window),
      value: point.psi,
      nullPoint: point.psi_null_point,
      tone: tone(point.verdict, point.severity),
      text: `${span(point.window)}: PSI ${measure(point.psi)}, by chance under ${measure(point.psi_null_point)}`,
      chosen: point.report_id === chosen.id,
    })),
    bands: bands(chosen, trend),
    began: began >= 0 ? began : null,
  });
}

/** The threshold that decides and the highest severity: two bands say more than four. */
function bands(report: DriftReport, trend: FeatureTrend): Band[] {
  const rule = report.policy.rules?.[trend.feature];
  const levels = rule?.severity_levels ?? report.policy.severity_levels;
  const threshold = trend.threshold ?? levels.low;
  const drift: Band = { from: threshold, tone: "warn", label: "drift" };
  return levels.critical > threshold ? [drift, { from: levels.critical, tone: "bad", label: "critical" }] : [drift];
}

function sides(name: string, report: DriftReport): Child {
  const feature = report.features[name];
  if (!feature) return empty(`${name} is not in this window.`);
  const when = report.window ? span(report.window) : "now";
  if (!feature.histogram) return h("div", { class: "stack" }, empty("No distribution was kept.", feature.reason));
  return h(
    "div",
    { class: "stack" },
    bars("Share of rows before and after", bins(feature.histogram), {
      before: { name: "baseline", rows: report.rows.baseline },
      after: { name: when, rows: report.rows.current },
    }),
    moments(feature),
  );
}

function moments(feature: FeatureDrift): Child {
  const { baseline_moments: before, current_moments: after } = feature;
  if (!before || !after || before.mean === null || after.mean === null) return null;
  const one = (value: number | null): string =>
    value === null ? NONE : Math.abs(value) >= 1000 ? count(value) : setting(value);
  return h(
    "p",
    { class: "quiet" },
    `Mean ${one(before.mean)} → ${one(after.mean)}; standard deviation ${one(before.std)} → ${one(after.std)}.`,
  );
}
