/** One trouble as a person needs it: which model, what, by how much, since when, and what to do. */

import type { ReactNode } from "react";
import type { Alert } from "../../api/types";
import { Badge } from "../../components/state";
import { Since, Time, WindowName } from "../../components/time";
import { counts, isMissing, measure, NONE, sentenceCase, setting } from "../../format";
import { address } from "../../router";
import { concern, measureName, OUTCOMES, word } from "../../words";

export const SEVERITIES = ["critical", "high", "medium", "low", "none"] as const;

const STATE_ORDER: readonly string[] = ["open", "acknowledged", "resolved"];

/** What is open and worst comes first; among equals, what says most. */
export function byUrgency(one: Alert, other: Alert): number {
  return (
    STATE_ORDER.indexOf(one.state) - STATE_ORDER.indexOf(other.state) ||
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    plainness(one) - plainness(other) ||
    excess(other) - excess(one) ||
    one.subject.localeCompare(other.subject)
  );
}

/** What the model does comes before the outcomes on record, and the ratio of selection rates before other measures. */
function plainness(alert: Alert): number {
  if (alert.concern !== "bias") return 0;
  return Number(outcomeOf(alert) === "label") * 2 + Number(alert.measure !== "disparate_impact");
}

/** How far beyond its threshold a value is; only compared between alerts of one kind. */
function excess({ concern: kind, measure: name, value, threshold }: Alert): number {
  if (threshold === null || threshold === undefined || !threshold) return 0;
  if (kind === "drift") return isMissing(value) ? 0 : value / threshold;
  if (kind !== "bias") return 0;
  if (isMissing(value)) return Number.MAX_VALUE; // nobody in the reference was selected
  if (name !== "disparate_impact") return Math.abs(value) / threshold;
  const ratio = value > 0 ? Math.min(value, 1 / value) : 0;
  return threshold < 1 ? (1 - ratio) / (1 - threshold) : 0;
}

/** Alerts that are one trouble to a person: those of one concern on one model, the most telling first. */
export function grouped(alerts: readonly Alert[]): [Alert, ...Alert[]][] {
  const groups = new Map<string, [Alert, ...Alert[]]>();
  for (const alert of [...alerts].sort(byUrgency)) {
    const key = `${alert.model_id} ${alert.concern} ${alert.state === "resolved"}`;
    const group = groups.get(key);
    if (group) group.push(alert);
    else groups.set(key, [alert]);
  }
  return [...groups.values()];
}

/** Where the model's page shows what the alert is about. */
export function alertAddress(alert: Alert): string {
  const section = alert.concern === "audit" || alert.concern === "registry" ? "activity" : alert.concern;
  return address(["models", alert.model_id], { section, ...subject(alert) });
}

function subject(alert: Alert): Record<string, string> {
  if (alert.concern === "drift") return { feature: alert.subject };
  const outcome = outcomeOf(alert);
  return outcome ? { outcome } : {};
}

function outcomeOf(alert: Alert): string | null {
  const outcome = alert.subject.split(":")[0];
  return alert.concern === "bias" && outcome && /^\w+$/.test(outcome) ? outcome : null;
}

/** "label (what turned out to be true)": the same finding on a label and on a prediction asks for different things. */
export function outcomeName(alert: Alert): string | null {
  const outcome = outcomeOf(alert);
  if (outcome === null) return null;
  const known = OUTCOMES[outcome];
  return known ? `${known.name.toLowerCase()} (${known.what})` : outcome;
}

export interface TroubleOptions {
  /** Whether to name the model: not on its own page. */
  readonly named: boolean;
  /** The level of its heading in the page it stands on. */
  readonly level?: "h2" | "h3";
  readonly actions?: (alert: Alert) => ReactNode;
}

export function Trouble({ of, ...options }: TroubleOptions & { of: readonly [Alert, ...Alert[]] }): ReactNode {
  const [alert, ...others] = of;
  const Heading = options.level ?? "h3";
  const severity = word(alert.severity);
  const resolved = alert.state === "resolved";
  const about = outcomeName(alert);
  return (
    <li data-alert={alert.id} className={`trouble ${resolved ? "good" : severity.tone}`}>
      <div className="words">
        <p className="about">
          <Badge word={resolved ? word("resolved") : severity} />
          {alert.state === "acknowledged" ? <Badge word={word("acknowledged")} /> : null}
          {options.named ? <a href={address(["models", alert.model_id])}>{alert.model_name}</a> : null}
          <span>{concern(alert.concern)}</span>
          {about ? <span>{`of the ${about}`}</span> : null}
          <span>{lasting(alert)}</span>
        </p>
        <Heading className="what">
          <a href={alertAddress(alert)}>{alert.title}</a>
        </Heading>
        <p className="quiet">{sentenceCase(alert.reason)}</p>
        {resolved ? null : (
          <p className="todo">
            <b>{"What to do: "}</b>
            {alert.remedy}
          </p>
        )}
        {acknowledgement(alert)}
        {options.actions ? <div className="actions">{options.actions(alert)}</div> : null}
        {others.length ? more(others, options) : null}
      </div>
      {figure(alert)}
    </li>
  );
}

/** What else is found about the same: there when asked for, not in the way. */
function more(alerts: readonly Alert[], options: TroubleOptions): ReactNode {
  return (
    <details>
      <summary>{counts(alerts.length, "related finding")}</summary>
      <ul className="related">
        {alerts.map((alert) => (
          <li key={alert.id}>
            <Badge word={word(alert.state === "resolved" ? "resolved" : alert.severity)} />
            <a href={alertAddress(alert)}>{alert.title}</a>
            <span className="quiet">{inShort(alert)}</span>
            {options.actions?.(alert)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function inShort(alert: Alert): string {
  const of = outcomeOf(alert);
  const where = of ? `${of}: ` : "";
  if (isMissing(alert.value)) return of ?? "";
  const against = isMissing(alert.threshold) ? "" : `, threshold ${setting(alert.threshold)}`;
  return `${where}${measureName(alert.measure)} ${measure(alert.value)}${against}`;
}

function lasting(alert: Alert): ReactNode {
  const seen = counts(alert.windows_seen, "window");
  if (alert.state === "resolved")
    return (
      <>
        {"last seen in data up to "}
        <Time at={alert.last_seen} />
      </>
    );
  const first = alert.windows.find((window) => window.start === alert.first_seen);
  return (
    <>
      {"since "}
      {first ? <WindowName window={first} /> : <Time at={alert.first_seen} />}
      {` (${seen})`}
    </>
  );
}

function acknowledgement(alert: Alert): ReactNode {
  if (!alert.acknowledged_by) return null;
  const note = alert.note ? `: “${alert.note}”` : "";
  return (
    <p className="quiet">
      {`Seen by ${alert.acknowledged_by} `}
      {alert.acknowledged_at ? <Since at={alert.acknowledged_at} /> : null}
      {note}
    </p>
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
      {alert.threshold === null ? null : <small>{`threshold ${setting(alert.threshold)}`}</small>}
    </p>
  );
}
