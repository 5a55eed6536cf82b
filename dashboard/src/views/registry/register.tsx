/** Registering a model that no cloud lists: what the API says of a field stands at the field. */

import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { NewModel } from "../../api/types";
import { useApp } from "../../app";
import { Action } from "../../forms/action";
import { ChoiceField, LongField, TextField } from "../../forms/fields";
import { strings } from "../../strings";

const text = strings.models;
const field = strings.model;

export function RegisterModel(): ReactNode {
  const { api, session } = useApp();
  const navigate = useNavigate();
  return (
    <Action
      route="POST /api/v1/models"
      label={text.register}
      title={text.registerTitle}
      about={text.registerAbout}
      tone="primary"
      otherwise="explain"
      told={({ name = "" }) => text.registered_(name)}
      touches={[["models"], ["standings"], ["counts"]]}
      send={async (values, headers) => {
        const body = Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as unknown as NewModel;
        return (await api.POST("/api/v1/models", { body, headers })).data;
      }}
      done={(made) => void navigate({ to: `/models/${encodeURIComponent((made as { id: string }).id)}` as "/" })}
    >
      <TextField name="name" label={field.name} required />
      <TextField name="owner" label={field.owner} hint={field.assignHint} type="email" value={session.person.name} />
      <LongField name="intended_purpose" label={field.purpose} />
      <TextField name="domain" label={field.domain} hint={text.domainHint} />
      <LongField name="description" label={field.description} />
      <ChoiceField
        name="window"
        label={field.window}
        required
        value="day"
        options={["hour", "day", "week", "month"].map((one) => [one, one] as const)}
      />
    </Action>
  );
}
