/** What is done against a risk, by whom and until when: in place, or given up with a reason. */

import type { ReactNode } from "react";
import { useApp } from "../../../app";
import { Time } from "../../../components/time";
import { day } from "../../../format";
import { Action } from "../../../forms/action";
import { LongField } from "../../../forms/fields";
import { risks as text } from "../../../strings/risks";
import { type BodyProps, TOUCHED } from "../register";
import type { Control, RiskView } from "./types";

export function Controls({ view, etag }: BodyProps<RiskView>): ReactNode {
  const controls = view.controls ?? [];
  return (
    <div>
      <h3>{text.controls}</h3>
      {controls.length === 0 ? <p className="quiet">{text.noControls}</p> : null}
      <ul className="next-steps">
        {controls.map((one) => (
          <li key={one.id}>
            <p>
              <b>{one.title}</b>
              <span className="reason">
                {`${text.controlKinds[one.kind]} · ${one.owner} · `}
                {one.done_at ? (
                  <>
                    {`${text.since} `}
                    <Time at={one.done_at} />
                  </>
                ) : (
                  `${text.due.toLowerCase()} ${day(one.due)}`
                )}
                {one.dropped_because ? ` · ${text.droppedBecause(one.dropped_because)}` : ""}
              </span>
            </p>
            {one.dropped_because || view.closed_at ? null : (
              <div className="toolbar">
                {one.done_at ? null : <Ended view={view} etag={etag} control={one} how="done" />}
                <Ended view={view} etag={etag} control={one} how="dropped" />
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

type EndedProps = BodyProps<RiskView> & { readonly control: Control; readonly how: "done" | "dropped" };

function Ended({ view, etag, control, how }: EndedProps): ReactNode {
  const { api } = useApp();
  const label = how === "done" ? text.inPlace : text.drop;
  return (
    <Action
      route="PATCH /api/v1/risks/{risk_id}/controls/{control_id}"
      record={control.id}
      label={label}
      title={`${label}: ${control.title}`}
      told={how === "done" ? text.inPlaceTold(control.title) : text.dropped(control.title)}
      touches={TOUCHED}
      etag={etag}
      send={({ dropped_because = "" }, headers) =>
        api.PATCH("/api/v1/risks/{risk_id}/controls/{control_id}", {
          params: { path: { risk_id: view.id, control_id: control.id } },
          headers,
          body: how === "done" ? { done: true } : { dropped_because },
        })
      }
    >
      {how === "dropped" ? <LongField name="dropped_because" label={text.dropReason} required /> : null}
    </Action>
  );
}
