/** One trouble as a person needs it: which model, what, by how much, since when, and what to do. */

import type { ReactNode } from "react";
import type { Alert, Member } from "../../api/types";
import { Badge } from "../../components/state";
import { Since, Time, WindowName } from "../../components/time";
import { count, isMissing, measure, NONE, sentenceCase, setting } from "../../format";
import { address } from "../../router";
import { strings } from "../../strings";
import { concern, measureName, OUTCOMES, word } from "../../words";
import { entryAddress } from "../registers/kinds";
import { Story } from "./story";

const text = strings.alerts;

export const SEVERITIES = ["critical", "high", "medium", "low", "none"] as const;

const STATE_ORDER: readonly string[] = ["open", "acknowledged", "snoozed", "resolved"];

/** What is open and worst comes first, as in mails and lists. Which finding leads an alert, the API has decided. */
export function byUrgency(one: Alert, other: Alert): number {
  return (
    STATE_ORDER.indexOf(one.state) - STATE_ORDER.indexOf(other.state) ||
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    one.model_name.localeCompare(other.model_name) ||
    one.concern.localeCompare(other.concern)
  );
}

/** Where the model's page shows what the alert is about; of an entry of a register, the entry. */
export function alertAddress(alert: Alert, finding: Found = alert): string {
  const entry = entryAddress(alert.model_id);
  if (entry) return entry;
  const section = alert.concern === "audit" || alert.concern === "registry" ? "activity" : alert.concern;
  return address(["models", alert.model_id], { section, ...place(alert, finding) });
}

/** The model that the alert is about, or the entry that stands in its place. */
function home(alert: Alert): string {
  return entryAddress(alert.model_id) ?? address(["models", alert.model_id]);
}

type Found = Pick<Alert, "subject">;

function place(alert: Alert, finding: Found): Record<string, string> {
  if (alert.concern === "drift") return { feature: finding.subject };
  const outcome = outcomeOf(alert, finding);
  return outcome ? { outcome } : {};
}

function outcomeOf(alert: Alert, finding: Found = alert): string | null {
  const outcome = finding.subject.split(":")[0];
  return alert.concern === "bias" && outcome && /^\w+$/.test(outcome) ? outcome : null;
}

/** "label (what turned out to be true)": the same finding on a label and on a prediction asks for different things. */
export function outcomeName(alert: Alert): string | null {
  const outcome = outcomeOf(alert);
  if (outcome === null) return null;
  const known = OUTCOMES[outcome];
  return known ? text.outcome(known.name.toLowerCase(), known.what) : outcome;
}

export interface TroubleOptions {
  /** Whether to name the model: not on its own page. */
  readonly named: boolean;
  /** The level of its heading in the page it stands on. */
  readonly level?: "h2" | "h3";
  readonly actions?: (alert: Alert) => ReactNode;
  /** Whether only what tells alerts apart is shown, and the rest when asked for: in a long list. */
  readonly dense?: boolean;
}

export function Trouble({ alert, ...options }: TroubleOptions & { alert: Alert }): ReactNode {
  const Heading = options.level ?? "h3";
  const severity = word(alert.severity);
  const resolved = alert.state === "resolved";
  const about = outcomeName(alert);
  return (
    <li
      data-alert={alert.id}
      className={`trouble${options.dense ? " dense" : ""} ${resolved ? "good" : severity.tone}`}
    >
      <div className="words">
        <p className="about">
          <Badge word={resolved ? word("resolved") : severity} />
          {alert.state === "acknowledged" || alert.state === "snoozed" ? <Badge word={word(alert.state)} /> : null}
          {options.named ? <a href={home(alert)}>{alert.model_name}</a> : null}
          <span>{concern(alert.concern)}</span>
          {about ? <span>{text.ofOutcome(about)}</span> : null}
          <span>{lasting(alert)}</span>
        </p>
        <Heading className="what">
          <a href={alertAddress(alert)}>{alert.title}</a>
        </Heading>
        {options.dense ? null : cause(alert)}
        {said(alert)}
        {options.actions ? <div className="actions">{options.actions(alert)}</div> : null}
        {options.dense ? (
          <details>
            <summary>{text.details}</summary>
            <div className="stack">
              {cause(alert)}
              {alert.findings > 1 ? related(alert) : null}
              <Story alert={alert} />
            </div>
          </details>
        ) : null}
        {alert.findings > 1 && !options.dense ? more(alert) : null}
      </div>
      {figure(alert)}
    </li>
  );
}

/** Why it is told, and what to do. */
function cause(alert: Alert): ReactNode {
  return (
    <>
      <p className="quiet">{sentenceCase(alert.reason)}</p>
      {alert.state === "resolved" ? null : (
        <p className="todo">
          <b>{text.whatToDo}</b>
          {alert.remedy}
        </p>
      )}
    </>
  );
}

/** What else is found about the same: there when asked for, not in the way. */
function more(alert: Alert): ReactNode {
  return (
    <details>
      <summary>{text.related(count(alert.findings - 1), alert.findings === 2)}</summary>
      {related(alert)}
    </details>
  );
}

function related(alert: Alert): ReactNode {
  const others = alert.members.filter((member) => member.subject_key !== alert.subject_key);
  const left = alert.findings - 1 - others.length;
  return (
    <ul className="related">
      {others.map((member) => (
        <li key={member.subject_key}>
          <Badge word={word(member.severity === "none" ? "resolved" : member.severity)} />
          <a href={alertAddress(alert, member)}>{member.title}</a>
          <span className="quiet">{inShort(alert, member)}</span>
        </li>
      ))}
      {left > 0 ? <li className="quiet">{text.more(left)}</li> : null}
    </ul>
  );
}

function inShort(alert: Alert, member: Member): string {
  const of = outcomeOf(alert, member);
  const where = of ? `${of}: ` : "";
  if (isMissing(member.value)) return of ?? "";
  const against = isMissing(member.threshold) ? "" : `, ${text.threshold(setting(member.threshold))}`;
  return `${where}${measureName(member.measure)} ${measure(member.value)}${against}`;
}

function lasting(alert: Alert): ReactNode {
  const seen = text.windows(count(alert.windows_seen), alert.windows_seen === 1);
  if (alert.state === "resolved")
    return (
      <>
        {text.lastSeen}
        <Time at={alert.last_seen} />
      </>
    );
  const first = alert.windows.find((window) => window.start === alert.first_seen);
  return (
    <>
      {text.since}
      {first ? <WindowName window={first} /> : <Time at={alert.first_seen} />}
      {` (${seen})`}
    </>
  );
}

/** What people did about it: who has seen it, until when it is quiet, who cares for it, why it is over. */
function said(alert: Alert): ReactNode {
  const note = alert.note ? text.noted(alert.note) : "";
  const seen = alert.acknowledged_by ? `${text.seenBy(alert.acknowledged_by)} ` : null;
  return (
    <>
      {seen ? (
        <p className="quiet">
          {seen}
          {alert.acknowledged_at ? <Since at={alert.acknowledged_at} /> : null}
          {note}
        </p>
      ) : null}
      {alert.snoozed_until ? (
        <p className="quiet">
          {`${text.quietUntil} `}
          <Time at={alert.snoozed_until} />
          {note}
        </p>
      ) : null}
      {alert.resolved_by ? <p className="quiet">{text.resolvedBy(alert.resolved_by) + note}</p> : null}
      {alert.assignee ? <p className="quiet">{text.assignedTo(alert.assignee)}</p> : null}
      {alert.recovering ? <p className="quiet">{text.recovering}</p> : null}
    </>
  );
}

function figure(alert: Alert): ReactNode {
  if (alert.value === null) return null;
  const shown = measure(alert.value);
  if (shown === NONE) return null;
  return (
    <p className="figure">
      <span className="big">{shown}</span>
      <small>{measureName(alert.measure)}</small>
      {alert.threshold === null ? null : <small>{text.threshold(setting(alert.threshold))}</small>}
    </p>
  );
}
