/** What a person can do to an alert beside acknowledging it: assign, snooze, resolve, reopen. The API decides who may. */

import type { ReactNode } from "react";
import type { Alert, AlertChange } from "../../api/types";
import { useApp } from "../../app";
import { useNow } from "../../components/time";
import { Action } from "../../forms/action";
import { LongField, TextField } from "../../forms/fields";
import { strings } from "../../strings";
import { acknowledge } from "./acknowledge";

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

/** For a week unless another day is chosen. */
export function Snooze({ alert }: { alert: Alert }): ReactNode {
  const week = new Date(useNow() + 7 * 86_400_000).toISOString().slice(0, 10);
  return (
    <Act
      alert={alert}
      verb={text.snooze}
      about={text.snoozeAbout}
      change={({ until = "", note = "" }) => ({ action: "snooze", until: `${until}T23:59:59Z`, note })}
    >
      <TextField name="until" label={text.until} required type="date" value={week} />
      <LongField name="note" label={text.note} />
    </Act>
  );
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
