/** Saying "I have seen it", with a note: the API decides who may; the trouble stays until the data are well again. */

import type { ReactNode } from "react";
import type { Alert } from "../../api/types";
import { onlyFor, useApp, useMay } from "../../app";
import { Action } from "../../forms/action";
import { LongField } from "../../forms/fields";
import { strings } from "../../strings";

const ROUTE = "PATCH /api/v1/alerts/{alert_id}";
const text = strings.alerts;

export function acknowledge(alert: Alert): ReactNode {
  return alert.state === "open" ? <Acknowledge alert={alert} /> : null;
}

function Acknowledge({ alert }: { alert: Alert }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route={ROUTE}
      record={alert.id}
      label={text.acknowledge}
      title={text.title(alert.title)}
      about={text.about}
      confirm={text.acknowledge}
      told={text.told(alert.title)}
      touches={[["alerts"], ["model", alert.model_id]]}
      send={({ note = "" }, headers) =>
        api.PATCH("/api/v1/alerts/{alert_id}", {
          params: { path: { alert_id: alert.id } },
          body: { action: "acknowledge", note },
          headers,
        })
      }
    >
      <LongField name="note" label={text.note} hint={text.noteHint} />
    </Action>
  );
}

/** Once on a page of alerts, where nobody can press the button that is missing. */
export function AcknowledgeNote(): ReactNode {
  const may = useMay();
  return may(ROUTE) ? null : <p className="quiet">{text.onlyFor + onlyFor(ROUTE)}</p>;
}
