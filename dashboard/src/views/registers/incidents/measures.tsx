/** What is done about an incident, by whom and until when: done, or given up with a reason. */

import type { ReactNode } from "react";
import { useApp } from "../../../app";
import { Time } from "../../../components/time";
import { day } from "../../../format";
import { Action } from "../../../forms/action";
import { LongField } from "../../../forms/fields";
import { incidents as text } from "../../../strings/incidents";
import { type BodyProps, TOUCHED } from "../register";
import type { IncidentView, Measure } from "./types";

const ROUTE = "PATCH /api/v1/incidents/{incident_id}/measures/{measure_id}";

export function Measures({ view, etag }: BodyProps<IncidentView>): ReactNode {
  const measures = view.measures ?? [];
  return (
    <div>
      <h3>{text.measures}</h3>
      {measures.length === 0 ? <p className="quiet">{text.noMeasures}</p> : null}
      <ul className="next-steps">
        {measures.map((one) => (
          <li key={one.id}>
            <p>
              <b>{one.title}</b>
              <span className="reason">
                {`${text.kinds[one.kind]} · ${one.owner} · ${text.due.toLowerCase()} ${day(one.due)}`}
                {one.done_at ? (
                  <>
                    {` · ${text.doneOn} `}
                    <Time at={one.done_at} />
                  </>
                ) : null}
                {one.dropped_because ? ` · ${text.droppedBecause(one.dropped_because)}` : ""}
              </span>
            </p>
            {one.done_at || one.dropped_because || view.closed_at ? null : (
              <div className="toolbar">
                <Ended view={view} etag={etag} measure={one} how="done" />
                <Ended view={view} etag={etag} measure={one} how="dropped" />
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Ended({
  view,
  etag,
  measure,
  how,
}: BodyProps<IncidentView> & { measure: Measure; how: "done" | "dropped" }): ReactNode {
  const { api } = useApp();
  const label = how === "done" ? text.done : text.drop;
  return (
    <Action
      route={ROUTE}
      record={measure.id}
      label={label}
      title={`${label}: ${measure.title}`}
      told={how === "done" ? text.doneTold(measure.title) : text.dropped(measure.title)}
      touches={TOUCHED}
      etag={etag}
      send={({ dropped_because = "" }, headers) =>
        api.PATCH("/api/v1/incidents/{incident_id}/measures/{measure_id}", {
          params: { path: { incident_id: view.id, measure_id: measure.id } },
          headers,
          body: how === "done" ? { done: true } : { dropped_because },
        })
      }
    >
      {how === "dropped" ? <LongField name="dropped_because" label={text.dropReason} required /> : null}
    </Action>
  );
}
