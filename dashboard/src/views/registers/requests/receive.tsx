/** A request that came in. */

import type { ReactNode } from "react";
import { useApp } from "../../../app";
import { Action } from "../../../forms/action";
import { ChoiceField, LongField, TextField } from "../../../forms/fields";
import { ModelsField } from "../../../forms/models";
import { MomentField, moment } from "../../../forms/moment";
import { requests as text } from "../../../strings/requests";
import { listed, options } from "../fields";
import { toEntry } from "../opened";
import { TOUCHED } from "../register";
import type { Channel, Identity, Right } from "./types";

export function ReceiveRequest(): ReactNode {
  const { api, session } = useApp();
  return (
    <Action
      route="POST /api/v1/requests"
      label={text.receive}
      about={text.receiveAbout}
      tone="primary"
      otherwise="explain"
      told={({ reference = "" }) => text.received(reference)}
      touches={TOUCHED}
      done={toEntry("requests")}
      send={(values, headers) =>
        api.POST("/api/v1/requests", {
          headers,
          body: {
            right: values["right"] as Right,
            reference: values["reference"] ?? "",
            channel: values["channel"] as Channel,
            owner: values["owner"] ?? "",
            received_at: moment(values["received_at"]),
            identity: values["identity"] as Identity,
            model_ids: listed(values["model_ids"]),
            decision: values["decision"] ?? "",
            note: values["note"] ?? "",
          },
        })
      }
    >
      <ChoiceField name="right" label={text.right} required options={options(Object.keys(text.rights), text.rights)} />
      <TextField name="reference" label={text.reference} hint={text.referenceHint} required />
      <ChoiceField
        name="channel"
        label={text.channel}
        required
        options={options(Object.keys(text.channels), text.channels)}
      />
      <MomentField name="received_at" label={text.receivedAt} hint={text.receivedHint} />
      <TextField name="owner" label={text.owner} type="email" required value={session.person.name} />
      <ChoiceField
        name="identity"
        label={text.identity}
        required
        value="not_checked"
        options={options(Object.keys(text.identities), text.identities)}
      />
      <ModelsField name="model_ids" label={text.models} />
      <TextField name="decision" label={text.subject} hint={text.subjectHint} />
      <LongField name="note" label={text.note} hint={text.noteHint} />
    </Action>
  );
}
