/** Drift: what changed against the baseline, since when, and by how much. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { windowKey } from "../../api/model_reads";
import type { DriftData, DriftHistory, DriftReport, FeatureDrift, TimeWindow } from "../../api/types";
import { useApp } from "../../app";
import { Bars } from "../../charts/bars";
import { type Band, type Timeline, TimelineChart } from "../../charts/timeline";
import { IntakeLine } from "../../components/intake";
import { Older } from "../../components/older";
import { Empty, Panel, Warnings } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Since, WindowName } from "../../components/time";
import { count, counts, isMissing, measure, NONE, sentenceCase, setting, span } from "../../format";
import { useChoices } from "../../router";
import { drift as text } from "../../strings/drift";
import { Cause } from "./cause";
import { Compared } from "./compared";
import { bins, shortName, tone } from "./labels";
import { type Choice, Matrix, threshold } from "./matrix";
import { Measures, ranked } from "./measures";
import { PerformanceOverTime } from "./performance";
import { Slices } from "./slices";

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
      <PerformanceOverTime id={id} windows={history.points.map((point) => point.window)} />
      {history.points.length ? (
        <Matrix points={history.points} features={features} policy={latest.policy} choice={choice} choose={change} />
      ) : null}
      <div className="panel" aria-live="polite">
        {features.length === 0 ? null : window ? (
          <Panel what={text.history(choice.feature)} of={older}>
            {(chosen) => detail(history, choice.feature, chosen)}
          </Panel>
        ) : (
          detail(history, choice.feature, latest)
        )}
      </div>
      {choice.feature ? <Older id={id} check="drift" series={choice.feature} shown="psi" /> : null}
      <Compared id={id} report={latest} />
    </>
  );
}

function detail(history: DriftHistory, feature: string, chosen: DriftReport): ReactNode {
  return (
    <>
      <div>
        <h3>{feature}</h3>
        {judgedBy(chosen.features[feature])}
      </div>
      <div className="columns">
        {trend(history, feature, chosen)}
        {sides(feature, chosen)}
      </div>
      <Measures report={chosen} />
      <Slices report={chosen} />
    </>
  );
}

/** The limit that decides: the policy's, or the one that the baseline's own windows say is usual. */
function judgedBy(feature: FeatureDrift | undefined): ReactNode {
  if (!feature) return null;
  const { limit, rows_needed: needed } = feature;
  return (
    <p className="quiet">
      {`${text.judgedBy} `}
      {limit ? limitText(limit) : text.limitNone}
      {isMissing(needed) ? "" : ` ${text.rowsNeeded(counts(needed, "row"))}`}
    </p>
  );
}

function limitText({ value, learnt, policy, windows }: NonNullable<FeatureDrift["limit"]>): string {
  if (isMissing(learnt)) return text.limitPolicy(setting(value));
  const own = counts(windows ?? 0, "window");
  return learnt === value
    ? text.limitLearnt(measure(value), own, setting(policy))
    : text.limitNotLearnt(setting(value), measure(learnt), own);
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
              {text.newest}
              <WindowName window={report.window} />
              {". "}
            </>
          ) : null}
          {text.rows(count(current), count(baseline))}
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
  if (points.length < 2) return <Empty what={text.oneWindow} hint={text.oneWindowHint} />;
  const episode = history.episodes.filter((one) => one.feature === feature && one.ongoing).at(-1);
  const began = episode ? points.findIndex((point) => point.window.start === episode.first.start) : -1;
  const newest = points.at(-1);
  const now = newest ? text.newestIs(measure(newest.psi), span(newest.window)) : "";
  const lasts = episode ? text.lasts(span(episode.first)) : text.quiet;
  const chart: Timeline = {
    name: text.byWindow,
    summary: text.drawn(feature, points.length, now, lasts),
    points: points.map((point) => ({
      label: shortName(point.window),
      value: point.psi,
      nullPoint: point.psi_null_point,
      tone: tone(point.verdict, point.severity),
      text: text.pointed(span(point.window), measure(point.psi), measure(point.psi_null_point)),
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
  if (isMissing(rule?.psi_threshold ?? report.policy.psi_threshold)) return [];
  // A limit learnt from the baseline's own windows stands where the policy's would ring for what is usual.
  const from = report.features[feature]?.limit?.value ?? threshold(report.policy, feature);
  const drift: Band = { from, tone: "warn", label: text.bandDrift };
  const critical = levels?.critical ?? from;
  return critical > from ? [drift, { from: critical, tone: "bad", label: text.bandCritical }] : [drift];
}

function sides(name: string, report: DriftReport): ReactNode {
  const feature = report.features[name];
  if (!feature) return <Empty what={text.notThere(name)} />;
  const when = report.window ? span(report.window) : text.now;
  if (!feature.histogram)
    return (
      <div className="stack">
        <Empty what={text.noDistribution} hint={feature.reason} />
      </div>
    );
  return (
    <div className="stack">
      <Bars
        caption={text.beforeAfter}
        bins={bins(feature.histogram)}
        sides={{
          before: { name: text.baselineSide, rows: report.rows.baseline },
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
    <p className="quiet">
      {text.moments(`${one(before.mean)} → ${one(after.mean)}`, `${one(before.std)} → ${one(after.std)}`)}
    </p>
  );
}
