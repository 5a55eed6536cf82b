/** What is to go, of persons or by age: only a plan is made of it. */

import type { ReactNode } from "react";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Action, type Values } from "../../../forms/action";
import { LongField, NumberField, TextField } from "../../../forms/fields";
import { erasures as text } from "../../../strings/erasures";
import { TOUCHED } from "../register";

type NewErasure = components["schemas"]["NewErasure"];

/** What is left empty is left out. */
export function wishOf({ identifiers = "", older_than_days, model_id = "", reason = "", ...rest }: Values): NewErasure {
  const named = identifiers.split("\n").flatMap((line) => line.trim() || []);
  return {
    model_id,
    reason,
    ...(named.length ? { identifiers: named } : {}),
    ...(older_than_days ? { older_than_days: Number(older_than_days) } : {}),
    ...(rest["column"] ? { column: rest["column"] } : {}),
    ...(rest["reference"] ? { reference: rest["reference"] } : {}),
  } as NewErasure;
}

export function PlanErasure(): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/erasures"
      label={text.plan}
      about={text.planAbout}
      tone="primary"
      otherwise="explain"
      told={text.planned}
      touches={TOUCHED}
      place={(where) => /^(?:body\.)?(\w+)/.exec(where)?.[1]}
      send={(values, headers) => api.POST("/api/v1/erasures", { body: wishOf(values), headers })}
    >
      <TextField name="model_id" label={text.model} required />
      <LongField name="identifiers" label={text.identifiers} hint={text.identifiersHint} />
      <TextField name="column" label={text.column} hint={text.columnHint} />
      <NumberField name="older_than_days" label={text.days} min={1} max={36500} step={1} />
      <TextField name="reference" label={text.reference} hint={text.referenceHint} />
      <LongField name="reason" label={text.reason} hint={text.reasonHint} required />
    </Action>
  );
}
