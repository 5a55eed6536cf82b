/** Drift: what changed against the baseline, since when, and by how much. */

import type { DriftData, DriftHistory, DriftReport, FeatureDrift, TimeWindow } from "../../api/reads";
import { windowKey } from "../../api/reads";
import { bars } from "../../charts/bars";
import { type Band, timeline } from "../../charts/timeline";
import { intakeLine } from "../../components/intake";
import { empty, panel } from "../../components/panel";
import { stateBadge } from "../../components/state";
import { since, windowName } from "../../components/time";
import { type Child, h, replace } from "../../dom";
import { count, isMissing, measure, NONE, sentenceCase, setting, span } from "../../format";
import { replaceQuery } from "../../router";
import { bins, shortName, tone } from "./labels";
import { type Choice, matrix } from "./matrix";
import { measures, ranked } from "./measures";

export interface DriftReads {
  report(window: TimeWindow): Promise<DriftReport>;
}

export function driftSection(
  data: DriftData | null,
  reads: DriftReads,
  wanted: Readonly<Record<string, string>>,
): Child {
  if (data === null) {
    return empty(
      "Drift was not checked yet.",
      "It is checked once a baseline is set and a complete window of captured traffic is available.",
    );
  }
  const { latest, history } = data;
  const features = ranked(latest).map(([name]) => name);
  let choice: Choice = {
    feature: features.find((name) => name === wanted["feature"]) ?? features[0] ?? "",
    report: history.points.find((point) => windowKey(point.window) === wanted["window"])?.report_id ?? latest.id,
  };
  const detail = h("div", { class: "panel", "aria-live": "polite" });
  const grid = matrix(history.points, features, (change) => {
    choice = { ...choice, ...change };
    const window = windowOf(history, choice.report);
    replaceQuery({ feature: choice.feature, window: window && choice.report !== latest.id ? windowKey(window) : null });
    showChoice();
  });
  const showChoice = (): void => {
    grid.mark(choice);
    const { feature, report } = choice;
    const window = report === latest.id ? null : windowOf(history, report);
    const read = async (): Promise<DriftReport> => (window ? reads.report(window) : latest);
    const shown = panel(`the history of ${feature}`, read, (chosen) => [
      h("h3", {}, feature),
      h("div", { class: "columns" }, trend(history, feature, chosen), sides(feature, chosen)),
      measures(chosen),
    ]);
    replace(detail, shown.element);
    void shown.load();
  };
  if (features.length) showChoice();
  return [summary(latest), history.points.length ? grid.element : null, detail];
}

function windowOf(history: DriftHistory, report: string): TimeWindow | null {
  return history.points.find((point) => point.report_id === report)?.window ?? null;
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
    h("p", {}, sentenceCase(report.reason)),
    intakeLine(report.intake),
    (report.warnings ?? []).map((warning) => h("div", { class: "notice warn" }, h("p", {}, warning))),
  );
}

function trend(history: DriftHistory, feature: string, chosen: DriftReport): HTMLElement {
  const points = history.points.flatMap((point) => {
    const column = point.columns[feature];
    return column ? [{ ...column, window: point.window, report: point.report_id }] : [];
  });
  if (points.length < 2) return empty("One window so far.", "Its history begins with the next one.");
  const episode = history.episodes.filter((one) => one.feature === feature && one.ongoing).at(-1);
  const began = episode ? points.findIndex((point) => point.window.start === episode.first.start) : -1;
  const newest = points.at(-1);
  const now = newest ? `Newest: ${measure(newest.psi)} in ${span(newest.window)}. ` : "";
  const lasts = episode ? `Drifts since ${span(episode.first)}.` : "It does not drift now.";
  return timeline({
    name: "PSI by window",
    summary: `PSI of ${feature} in ${points.length} windows. ${now}${lasts} The same numbers are in the table of windows.`,
    points: points.map((point) => ({
      label: shortName(point.window),
      value: point.psi,
      nullPoint: point.psi_null_point,
      tone: tone(point.verdict, point.severity),
      text: `${span(point.window)}: PSI ${measure(point.psi)}, by chance under ${measure(point.psi_null_point)}`,
      chosen: point.report === chosen.id,
    })),
    bands: bands(chosen, feature),
    began: began >= 0 ? began : null,
  });
}

/** The threshold that decides and the highest severity: two bands say more than four. */
function bands(report: DriftReport, feature: string): Band[] {
  const rule = report.policy.rules?.[feature];
  const levels = rule?.severity_levels ?? report.policy.severity_levels;
  const threshold = rule?.psi_threshold ?? report.policy.psi_threshold;
  if (isMissing(threshold)) return [];
  const drift: Band = { from: threshold, tone: "warn", label: "drift" };
  const critical = levels?.critical ?? threshold;
  return critical > threshold ? [drift, { from: critical, tone: "bad", label: "critical" }] : [drift];
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
  if (!before || !after || isMissing(before.mean) || isMissing(after.mean)) return null;
  const one = (value: number | null | undefined): string =>
    isMissing(value) ? NONE : Math.abs(value) >= 1000 ? count(value) : setting(value);
  return h(
    "p",
    { class: "quiet" },
    `Mean ${one(before.mean)} → ${one(after.mean)}; standard deviation ${one(before.std)} → ${one(after.std)}.`,
  );
}
