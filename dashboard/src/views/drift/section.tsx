/** Drift: what changed against the baseline, since when, and by how much. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { windowKey } from "../../api/model_reads";
import type { DriftData, DriftHistory, DriftReport, FeatureDrift, TimeWindow } from "../../api/types";
import { useApp } from "../../app";
import { Bars } from "../../charts/bars";
import { type Band, type Timeline, TimelineChart } from "../../charts/timeline";
import { IntakeLine } from "../../components/intake";
import { Empty, Panel, Warnings } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Since, WindowName } from "../../components/time";
import { count, isMissing, measure, NONE, sentenceCase, setting, span } from "../../format";
import { useChoices } from "../../router";
import { Cause } from "./cause";
import { bins, shortName, tone } from "./labels";
import { type Choice, Matrix } from "./matrix";
import { Measures, ranked } from "./measures";

/** `feature` and `window` in the address choose what is shown below the table. */
export function Drift({ id, data }: { id: string; data: DriftData }): ReactNode {
  const { latest, history } = data;
  const { reads } = useApp();
  const [query, choose] = useChoices();
  const features = ranked(latest).map(([name]) => name);
  const choice: Choice = {
    feature: features.find((name) => name === query["feature"]) ?? features[0] ?? "",
    report: history.points.find((point) => windowKey(point.window) === query["window"])?.report_id ?? latest.id,
  };
  const window = choice.report === latest.id ? null : windowOf(history, choice.report);
  const older = useQuery(reads.model(id).report(window));
  const change = (wanted: Partial<Choice>): void => {
    const next = { ...choice, ...wanted };
    const at = windowOf(history, next.report);
    choose({ feature: next.feature, window: at && next.report !== latest.id ? windowKey(at) : null });
  };
  return (
    <>
      {summary(latest)}
      {latest.verdict === "drift" ? <Cause id={id} /> : null}
      {history.points.length ? (
        <Matrix points={history.points} features={features} choice={choice} choose={change} />
      ) : null}
      <div className="panel" aria-live="polite">
        {features.length === 0 ? null : window ? (
          <Panel what={`the history of ${choice.feature}`} of={older}>
            {(chosen) => detail(history, choice.feature, chosen)}
          </Panel>
        ) : (
          detail(history, choice.feature, latest)
        )}
      </div>
    </>
  );
}

function detail(history: DriftHistory, feature: string, chosen: DriftReport): ReactNode {
  return (
    <>
      <h3>{feature}</h3>
      <div className="columns">
        {trend(history, feature, chosen)}
        {sides(feature, chosen)}
      </div>
      <Measures report={chosen} />
    </>
  );
}

function windowOf(history: DriftHistory, report: string): TimeWindow | null {
  return history.points.find((point) => point.report_id === report)?.window ?? null;
}

function summary(report: DriftReport): ReactNode {
  const { baseline, current } = report.rows;
  return (
    <div className="stack">
      <p>
        <StateBadge name={report.verdict} />{" "}
        <span className="quiet">
          {report.window ? (
            <>
              {"Newest window: "}
              <WindowName window={report.window} />
              {". "}
            </>
          ) : null}
          {`${count(current)} rows against ${count(baseline)} of the baseline. Checked `}
          <Since at={report.checked_at} />.
        </span>
      </p>
      <p>{sentenceCase(report.reason)}</p>
      <IntakeLine intake={report.intake} />
      <Warnings of={report.warnings} />
    </div>
  );
}

function trend(history: DriftHistory, feature: string, chosen: DriftReport): ReactNode {
  const points = history.points.flatMap((point) => {
    const column = point.columns[feature];
    return column ? [{ ...column, window: point.window, report: point.report_id }] : [];
  });
  if (points.length < 2) return <Empty what="One window so far." hint="Its history begins with the next one." />;
  const episode = history.episodes.filter((one) => one.feature === feature && one.ongoing).at(-1);
  const began = episode ? points.findIndex((point) => point.window.start === episode.first.start) : -1;
  const newest = points.at(-1);
  const now = newest ? `Newest: ${measure(newest.psi)} in ${span(newest.window)}. ` : "";
  const lasts = episode ? `Drifts since ${span(episode.first)}.` : "It does not drift now.";
  const chart: Timeline = {
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
  };
  return <TimelineChart {...chart} />;
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

function sides(name: string, report: DriftReport): ReactNode {
  const feature = report.features[name];
  if (!feature) return <Empty what={`${name} is not in this window.`} />;
  const when = report.window ? span(report.window) : "now";
  if (!feature.histogram)
    return (
      <div className="stack">
        <Empty what="No distribution was kept." hint={feature.reason} />
      </div>
    );
  return (
    <div className="stack">
      <Bars
        caption="Share of rows before and after"
        bins={bins(feature.histogram)}
        sides={{
          before: { name: "baseline", rows: report.rows.baseline },
          after: { name: when, rows: report.rows.current },
        }}
      />
      {moments(feature)}
    </div>
  );
}

function moments(feature: FeatureDrift): ReactNode {
  const { baseline_moments: before, current_moments: after } = feature;
  if (!before || !after || isMissing(before.mean) || isMissing(after.mean)) return null;
  const one = (value: number | null | undefined): string =>
    isMissing(value) ? NONE : Math.abs(value) >= 1000 ? count(value) : setting(value);
  return (
    <p className="quiet">{`Mean ${one(before.mean)} → ${one(after.mean)}; standard deviation ${one(before.std)} → ${one(after.std)}.`}</p>
  );
}
