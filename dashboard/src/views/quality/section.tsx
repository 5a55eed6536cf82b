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
import { quality as text } from "../../strings/quality";
import { word } from "../../words";
import { LOW_IS_GOOD, metricName, PerformanceOverTime } from "../drift/performance";

export function Quality({ id, report }: { id: string; report: QualityReport }): ReactNode {
  return (
    <>
      <div className="stack">
        <p>
          <StateBadge name={report.verdict} />{" "}
          <span className="quiet">
            {text.window}
            <WindowName window={report.window} />
            {text.checked(counts(report.rows, "row"))}
            <Since at={report.checked_at} />.
          </span>
        </p>
        <p>{sentenceCase(report.reason)}</p>
        {untilTold(report, text.rowsUntil)}
        <IntakeLine intake={report.intake} />
        <Warnings of={report.warnings} />
      </div>
      {issues(report)}
      {report.performance ? performance(report.performance) : null}
      <PerformanceOverTime id={id} />
    </>
  );
}

function issues(report: QualityReport): ReactNode {
  const found = report.issues ?? [];
  if (found.length === 0) return null;
  return (
    <table className="cards">
      <caption>{text.issues}</caption>
      <Heads names={text.heads} />
      <tbody>
        {found.map((issue) => (
          <tr key={`${issue.column} ${issue.check}`}>
            <th scope="row">{issue.column ?? text.allColumns}</th>
            <td data-label={text.heads[1]}>
              <span>{words(issue.check)}</span>
            </td>
            <td data-label={text.heads[2]}>
              <StateBadge name={issue.severity} />
            </td>
            <td data-label={text.heads[3]}>
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
      <h3>{text.truth}</h3>
      <p>
        <StateBadge name={found.verdict} /> {sentenceCase(found.reason)}
      </p>
      <p className="quiet">
        {text.labelled(count(found.labelled), counts(found.rows, "row"), coverage, count(found.late))}
      </p>
      {untilTold(found, text.rowsUntil)}
      {metrics.length ? metricTable(metrics) : null}
    </div>
  );
}

interface Untold {
  readonly rows_needed?: number | null;
  readonly rows_reason?: string | null;
}

/** How many rows it takes until one can tell, or why no number of rows would do. */
function untilTold(found: Untold, said: (rows: string) => string): ReactNode {
  if (!isMissing(found.rows_needed)) return <p className="quiet">{said(counts(found.rows_needed, "row"))}</p>;
  return found.rows_reason ? <p className="quiet">{text.noRows(found.rows_reason)}</p> : null;
}

type Metric = NonNullable<Performance["metrics"]>[string];

function metricTable(metrics: readonly (readonly [string, Metric])[]): ReactNode {
  const judged = metrics.some(([, metric]) => !isMissing(metric.level));
  return (
    <table className="forest metrics cards">
      <caption className="visually-hidden">{text.metrics}</caption>
      <thead>
        <tr>
          <th scope="col">{text.metric}</th>
          <th scope="col" className="wide">
            {text.valueHead}
          </th>
          <th scope="col" className="number">
            {text.n}
          </th>
          {judged ? (
            <>
              <th scope="col" className="number">
                {text.levelHead}
              </th>
              <th scope="col">{text.verdict}</th>
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

/** On one axis with metrics where 1 is best, an error needs a word. */
function lowIsGood(name: string): ReactNode {
  return LOW_IS_GOOD.has(name) ? <span className="reason">{text.lowIsGood}</span> : null;
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
      <td data-label={text.value}>
        <div className="estimate">
          {within ? (
            <Strip estimate={{ value, low, high }} scale={SHARE} marks={marks} tone={word(metric.verdict).tone} />
          ) : null}
          <span>{isMissing(value) ? (metric.reason ?? text.undefined) : interval(metric)}</span>
        </div>
      </td>
      <td className="number" data-label={text.n}>
        <span>{count(metric.n)}</span>
      </td>
      {judged ? (
        <>
          <td className="number" data-label={text.level}>
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
    <td data-label={text.verdict}>
      <div>
        {metric.verdict ? <StateBadge name={metric.verdict} /> : null}
        {reason}
        {untilTold(metric, text.rowsNeeded)}
      </div>
    </td>
  );
}
