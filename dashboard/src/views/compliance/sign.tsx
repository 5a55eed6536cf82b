/** Signing what is due, on the words it says: what was read is sent by its hash, so that nobody signs other words. */

import type { ReactNode } from "react";
import type { DueSignature } from "../../api/types";
import { type ChangeRoute, useApp } from "../../app";
import { day, words } from "../../format";
import { Action } from "../../forms/action";
import { ChoiceField, LongField } from "../../forms/fields";
import { signing as text } from "../../strings/signing";
import { WouldSettle } from "./preview";

export const ORGANISATION = "organisation";
const MODEL: ChangeRoute = "POST /api/v1/models/{model_id}/attestations";
const WHOLE: ChangeRoute = "POST /api/v1/compliance/attestations";

/** What a signature is called where it stands in a list: of which model, on what, in which role. */
export function nameOf({ model_id, model_name, topic }: DueSignature): string {
  return `${model_id === ORGANISATION ? text.organisation : model_name}: ${words(topic)}`;
}

export function Sign({ due }: { due: DueSignature }): ReactNode {
  const { api } = useApp();
  const whole = due.model_id === ORGANISATION;
  return (
    <Action
      route={whole ? WHOLE : MODEL}
      record={`${due.model_id} ${due.role}`}
      label={text.sign}
      title={text.title(nameOf(due))}
      about={<Statements due={due} />}
      confirm={text.sign}
      wide
      told={({ decision }) =>
        decision === "declined" ? text.declined(words(due.topic)) : text.signed(words(due.topic))
      }
      touches={[
        ["signatures"],
        ["attestations"],
        ["standings"],
        ["portfolio"],
        ...(whole ? [["model"]] : [["model", due.model_id]]),
      ]}
      send={({ decision, comment = "" }, headers) => {
        const body = {
          topic: due.topic,
          role: due.role,
          decision: decision as "affirmed",
          comment,
          statements: due.statements.map((one) => one.sha256),
        };
        return whole
          ? api.POST("/api/v1/compliance/attestations", { body, headers })
          : api.POST("/api/v1/models/{model_id}/attestations", {
              params: { path: { model_id: due.model_id } },
              body,
              headers,
            });
      }}
    >
      <ChoiceField
        name="decision"
        label={text.decision}
        required
        options={[
          ["affirmed", text.affirm],
          ["declined", text.decline],
        ]}
      />
      <LongField name="comment" label={text.comment} hint={text.commentHint} />
    </Action>
  );
}

/** The words, then whom they bind and what they settle. */
function Statements({ due }: { due: DueSignature }): ReactNode {
  return (
    <>
      {due.statements.map((one) => (
        <blockquote key={one.sha256} className="statement">
          <p>{one.text}</p>
        </blockquote>
      ))}
      <p className="quiet">
        {text.binds(words(due.role), due.valid_days)}
        {due.model_version ? ` ${text.ofVersion(due.model_version)}` : ""}
      </p>
      <WouldSettle due={due} />
    </>
  );
}

/** A line of a list of what is to be signed, with the button for whoever signs it. */
export function DueLine({ due, children }: { due: DueSignature; children?: ReactNode }): ReactNode {
  return (
    <li className="due">
      <div>
        <b>{nameOf(due)}</b>
        <span className="reason">
          {text.inRole(words(due.role), due.requirements)}
          {due.needed_from ? ` · ${text.from(day(due.needed_from))}` : ""}
          {due.state === "expired" ? ` · ${text.expired}` : ""}
        </span>
      </div>
      {children}
    </li>
  );
}

/** What is needed now before what is needed from a later day; then what settles most. */
export function soonestFirst(one: DueSignature, other: DueSignature): number {
  return (
    (one.needed_from ?? "").localeCompare(other.needed_from ?? "") ||
    other.requirements.length - one.requirements.length
  );
}
