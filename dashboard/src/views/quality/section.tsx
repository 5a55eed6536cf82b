/** Quality: what is wrong with the data of a window and, once labels came, how good the model was. */

import type { ReactNode } from "react";
import type { Performance, QualityReport } from "../../api/types";
import { scale } from "../../charts/scale";
import { Strip, StripAxis } from "../../charts/strip";
import { Heads } from "../../components/heads";
import { IntakeLine } from "../../components/intake";
import { Warnings } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Since, WindowName } from "../../components/time";
import { count, counts, interval, isMissing, percent, sentenceCase, setting, words } from "../../format";
import { word } from "../../words";

export function Quality({ report }: { report: QualityReport }): ReactNode {
  return (
    <>
      <div className="stack">
        <p>
          <StateBadge name={report.verdict} />{" "}
          <span className="quiet">
            {"Window: "}
            <WindowName window={report.window} />
            {`, ${counts(report.rows, "row")}. Checked `}
            <Since at={report.checked_at} />.
          </span>
        </p>
        <p>{sentenceCase(report.reason)}</p>
        <IntakeLine intake={report.intake} />
        <Warnings of={report.warnings} />
      </div>
      {issues(report)}
      {report.performance ? performance(report.performance) : null}
    </>
  );
}

function issues(report: QualityReport): ReactNode {
  const found = report.issues ?? [];
  if (found.length === 0) return null;
  return (
    <table className="cards">
      <caption>What is wrong with the data</caption>
      <Heads names={["Column", "Check", "Severity", "Reason"]} />
      <tbody>
        {found.map((issue) => (
          <tr key={`${issue.column} ${issue.check}`}>
            <th scope="row">{issue.column ?? "all columns"}</th>
            <td data-label="Check">
              <span>{words(issue.check)}</span>
            </td>
            <td data-label="Severity">
              <StateBadge name={issue.severity} />
            </td>
            <td data-label="Reason">
              <span>{sentenceCase(issue.reason)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function performance(found: Performance): ReactNode {
  const metrics = Object.entries(found.metrics ?? {});
  const coverage = isMissing(found.coverage) ? "" : ` (${percent(found.coverage)})`;
  return (
    <div className="stack">
      <h3>The model against what turned out to be true</h3>
      <p>
        <StateBadge name={found.verdict} /> {sentenceCase(found.reason)}
      </p>
      <p className="quiet">{`${count(found.labelled)} of ${counts(found.rows, "row")} have a label${coverage}; ${count(found.late)} came after the window.`}</p>
      {metrics.length ? metricTable(metrics) : null}
    </div>
  );
}

type Metric = NonNullable<Performance["metrics"]>[string];

function metricTable(metrics: readonly (readonly [string, Metric])[]): ReactNode {
  const judged = metrics.some(([, metric]) => !isMissing(metric.level));
  return (
    <table className="forest metrics cards">
      <caption className="visually-hidden">Metrics of the model with their 95 % intervals</caption>
      <thead>
        <tr>
          <th scope="col">Metric</th>
          <th scope="col" className="wide">
            Value (95 % interval)
          </th>
          <th scope="col" className="number">
            n
          </th>
          {judged ? (
            <>
              <th scope="col" className="number">
                Declared level
              </th>
              <th scope="col">Verdict</th>
            </>
          ) : null}
        </tr>
      </thead>
      <tbody>{metrics.map(([name, metric]) => metricRow(name, metric, judged))}</tbody>
      <tfoot aria-hidden="true">
        <tr>
          <td />
          <td>
            <div className="estimate">
              <StripAxis scale={SHARE} label={setting} />
            </div>
          </td>
          <td colSpan={judged ? 3 : 1} />
        </tr>
      </tfoot>
    </table>
  );
}

const SHARE = scale(0, 1);

const NAMES: Readonly<Record<string, string>> = { f1: "F1", auc: "AUC", brier: "Brier score" };

function metricName(name: string): string {
  return NAMES[name] ?? sentenceCase(words(name));
}

/** On one axis with metrics where 1 is best, an error needs a word. */
const ERRORS = new Set(["brier", "mae", "rmse"]);

function lowIsGood(name: string): ReactNode {
  return ERRORS.has(name) ? <span className="reason">lower is better</span> : null;
}

function metricRow(name: string, metric: Metric, judged: boolean): ReactNode {
  const { value, low, high, level } = metric;
  const within = !isMissing(value) && value >= 0 && value <= 1 && (isMissing(high) || high <= 1);
  const marks = isMissing(level) ? [] : [{ value: level, kind: "threshold" as const }];
  return (
    <tr key={name}>
      <th scope="row">
        {metricName(name)}
        {lowIsGood(name)}
      </th>
      <td data-label="Value">
        <div className="estimate">
          {within ? (
            <Strip estimate={{ value, low, high }} scale={SHARE} marks={marks} tone={word(metric.verdict).tone} />
          ) : null}
          <span>{isMissing(value) ? (metric.reason ?? "undefined") : interval(metric)}</span>
        </div>
      </td>
      <td className="number" data-label="n">
        <span>{count(metric.n)}</span>
      </td>
      {judged ? (
        <>
          <td className="number" data-label="Level">
            <span>{setting(level)}</span>
          </td>
          {judgement(metric)}
        </>
      ) : null}
    </tr>
  );
}

function judgement(metric: Metric): ReactNode {
  const reason =
    !isMissing(metric.value) && metric.reason ? <span className="reason">{sentenceCase(metric.reason)}</span> : null;
  return (
    <td data-label="Verdict">
      <div>
        {metric.verdict ? <StateBadge name={metric.verdict} /> : null}
        {reason}
      </div>
    </td>
  );
}
