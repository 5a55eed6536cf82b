/** What became of an alert: how bad it was from when on, and what people did, the newest first. */

import type { ReactNode } from "react";
import type { Alert } from "../../api/types";
import { Time } from "../../components/time";
import { strings } from "../../strings";
import { word } from "../../words";

const text = strings.alerts;
/** More is in the audit trail. */
const SHOWN = 20;

interface Step {
  readonly at: string;
  readonly said: string;
  readonly note: string;
}

/** Both histories as one, by time. */
export function storyOf(alert: Alert): Step[] {
  const data = alert.history.map((one) => ({
    at: one.since,
    said: one.severity === "none" ? text.wasWell : text.wasBad(word(one.severity).text),
    note: "",
  }));
  const people = alert.actions.map((one) => ({ at: one.at, said: text.did(one.by, one.action, one), note: one.note }));
  return [...data, ...people].sort((one, other) => other.at.localeCompare(one.at));
}

export function Story({ alert }: { alert: Alert }): ReactNode {
  const steps = storyOf(alert);
  if (steps.length === 0) return null;
  return (
    <div>
      <p>
        <b>{text.story}</b>
      </p>
      <ol className="story">
        {steps.slice(0, SHOWN).map((step) => (
          <li key={`${step.at} ${step.said}`}>
            <Time at={step.at} />
            {` ${step.said}`}
            {step.note ? `: “${step.note}”` : ""}
          </li>
        ))}
      </ol>
      {steps.length > SHOWN ? <p className="quiet">{text.more(steps.length - SHOWN)}</p> : null}
    </div>
  );
}
