/** Opening an incident: from the list, or from an alert, whose models come with it. */

import type { ReactNode } from "react";
import { useApp } from "../../../app";
import { Action } from "../../../forms/action";
import { ChoiceField, LongField, TextField } from "../../../forms/fields";
import { ModelsField } from "../../../forms/models";
import { MomentField, moment } from "../../../forms/moment";
import { incidents as text } from "../../../strings/incidents";
import { chosen, listed, ManyField, options } from "../fields";
import { toEntry } from "../opened";
import { TOUCHED } from "../register";
import { type IncidentSource, ROLES } from "./types";

interface OpenProps {
  readonly from?: {
    readonly alert: string;
    readonly title: string;
    readonly owner: string;
  };
}

export function OpenIncident({ from }: OpenProps): ReactNode {
  const { api, session } = useApp();
  return (
    <Action
      route="POST /api/v1/incidents"
      record={from?.alert ?? ""}
      label={text.open}
      title={from ? `${text.open}: ${from.title}` : text.open}
      about={text.openAbout}
      confirm={text.open}
      tone={from ? "plain" : "primary"}
      otherwise={from ? "hide" : "explain"}
      told={({ title = "" }) => text.opened(title)}
      touches={TOUCHED}
      done={toEntry("incidents")}
      send={(values, headers) =>
        api.POST("/api/v1/incidents", {
          headers,
          body: {
            title: values["title"] ?? "",
            description: values["description"] ?? "",
            owner: values["owner"] ?? "",
            source: values["source"] as IncidentSource,
            source_reference: values["source_reference"] ?? "",
            roles: chosen(values, "roles", ROLES),
            model_ids: listed(values["model_ids"]),
            member_states: [],
            alert_ids: from ? [from.alert] : [],
            aware_at: moment(values["aware_at"]),
            awareness: values["awareness"] ?? "",
          },
        })
      }
    >
      <TextField name="title" label={text.name} hint={text.nameHint} required value={from?.title ?? ""} />
      <TextField name="owner" label={text.owner} type="email" required value={from?.owner || session.person.name} />
      <ManyField name="roles" legend={text.roles} options={options(ROLES, text.roleNames)} />
      <ChoiceField
        name="source"
        label={text.source}
        required
        value={from ? "alert" : undefined}
        options={options(Object.keys(text.sources), text.sources)}
      />
      <TextField name="source_reference" label={text.reference} hint={text.referenceHint} />
      <MomentField name="aware_at" label={text.aware} hint={text.awareHint} />
      <TextField name="awareness" label={text.awareness} />
      {from ? null : <ModelsField name="model_ids" label={text.models} />}
      <LongField name="description" label={text.description} />
    </Action>
  );
}
