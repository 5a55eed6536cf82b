/** What a person can do to an alert beside acknowledging it: assign, snooze, resolve, reopen. The API decides who may. */

import { lazy, type ReactNode, Suspense } from "react";
import type { Alert, AlertChange } from "../../api/types";
import { useApp } from "../../app";
import { Action, Coming } from "../../forms/action";
import { ChoiceField, LongField, TextField } from "../../forms/fields";
import { strings } from "../../strings";
import { entryAddress } from "../registers/kinds";
import { acknowledge } from "./acknowledge";

const OpenIncident = lazy(async () => ({ default: (await import("../registers/incidents/open")).OpenIncident }));

const ROUTE = "PATCH /api/v1/alerts/{alert_id}";
const text = strings.alerts;

export function actions(alert: Alert): ReactNode {
  if (alert.state === "resolved") return alert.resolved_by ? <Reopen alert={alert} /> : null;
  return (
    <>
      {acknowledge(alert)}
      <Assign alert={alert} />
      <Snooze alert={alert} />
      <Resolve alert={alert} />
      {entryAddress(alert.model_id) ? null : (
        <Suspense fallback={<Coming route="POST /api/v1/incidents" label={text.openIncident} />}>
          <OpenIncident from={{ alert: alert.id, title: alert.title, owner: alert.owner ?? "" }} />
        </Suspense>
      )}
    </>
  );
}

interface ActProps {
  readonly alert: Alert;
  readonly verb: string;
  readonly about: string;
  readonly change: (fields: Record<string, string>) => AlertChange;
  readonly children?: ReactNode;
}

function Act({ alert, verb, about, change, children }: ActProps): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route={ROUTE}
      record={alert.id}
      label={verb}
      title={text.done(verb, alert.title)}
      about={about}
      confirm={verb}
      told={text.done(verb, alert.title)}
      touches={[["alerts"], ["model", alert.model_id]]}
      send={(fields, headers) =>
        api.PATCH("/api/v1/alerts/{alert_id}", {
          params: { path: { alert_id: alert.id } },
          body: change(fields as Record<string, string>),
          headers,
        })
      }
    >
      {children}
    </Action>
  );
}

function Assign({ alert }: { alert: Alert }): ReactNode {
  return (
    <Act
      alert={alert}
      verb={text.assign}
      about={text.assignAbout}
      change={({ assignee = "", note = "" }) => ({ action: "assign", assignee, note })}
    >
      <TextField name="assignee" label={text.assignee} required value={alert.assignee ?? alert.owner ?? ""} />
      <LongField name="note" label={text.note} />
    </Act>
  );
}

/** For a day unless another length or a day is chosen. */
export function Snooze({ alert }: { alert: Alert }): ReactNode {
  return (
    <Act
      alert={alert}
      verb={text.snooze}
      about={text.snoozeAbout}
      change={({ length = "", until = "", note = "" }) => ({ action: "snooze", until: endOf(length, until), note })}
    >
      <ChoiceField name="length" label={text.quietFor} required value="1d" options={Object.entries(text.lengths)} />
      <TextField name="until" label={text.until} hint={text.untilHint} type="date" />
      <LongField name="note" label={text.note} />
    </Act>
  );
}

const HOURS: Readonly<Record<string, number>> = { "4h": 4, "1d": 24, "3d": 72, "7d": 168, "30d": 720 };

/** The end of a day where the person is, else so long from now: to the full minute, so that sent again it is the same. */
export function endOf(length: string, day: string, now: number = Date.now()): string {
  if (day) return new Date(`${day}T23:59:59`).toISOString();
  return new Date(Math.ceil(now / 60_000) * 60_000 + (HOURS[length] ?? 24) * 3_600_000).toISOString();
}

function Resolve({ alert }: { alert: Alert }): ReactNode {
  return (
    <Act
      alert={alert}
      verb={text.resolve}
      about={text.resolveAbout}
      change={({ note = "" }) => ({ action: "resolve", note })}
    >
      <LongField name="note" label={text.reason} required />
    </Act>
  );
}

function Reopen({ alert }: { alert: Alert }): ReactNode {
  return (
    <Act
      alert={alert}
      verb={text.reopen}
      about={text.reopenAbout}
      change={({ note = "" }) => ({ action: "reopen", note })}
    >
      <LongField name="note" label={text.note} />
    </Act>
  );
}
