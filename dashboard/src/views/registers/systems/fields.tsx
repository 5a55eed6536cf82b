/** The fields of a system's forms, and what they are to the API. */

import type { ReactNode } from "react";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Action, type Values } from "../../../forms/action";
import { ChoiceField, LongField, TextField } from "../../../forms/fields";
import { systems as text } from "../../../strings/systems";
import { chosen, ManyField } from "../fields";
import { given, lines, named, namesOf, toField } from "../filled";
import { toEntry } from "../opened";
import { TOUCHED } from "../register";
import type { SystemKept } from "./register";

type Schemas = components["schemas"];

const ROLES = Object.entries(text.roleNames) as [Schemas["OperatorRole"], string][];
const DATA = Object.entries(text.dataNames) as [Schemas["DataCategory"], string][];

export function AddSystem(): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/systems"
      label={text.add}
      about={text.addAbout}
      tone="primary"
      otherwise="explain"
      told={({ name = "" }) => text.added(name)}
      touches={[...TOUCHED, ["models"]]}
      done={toEntry("systems")}
      place={toField}
      send={(values, headers) => api.POST("/api/v1/systems", { body: systemOf(values), headers })}
    >
      <SystemFields />
    </Action>
  );
}

export function SystemFields({ of }: { of?: SystemKept }): ReactNode {
  const entry = of?.entry;
  return (
    <>
      <TextField name="name" label={text.name} required value={entry?.title ?? ""} />
      <ChoiceField name="origin" label={text.origin} required value={entry?.origin} options={named(text.origins)} />
      <ChoiceField
        name="state"
        label={text.state}
        required
        value={entry?.state ?? "idea"}
        options={named(text.states).filter(([state]) => of || state !== "retired")}
      />
      <LongField
        name="purpose"
        label={text.purpose}
        hint={text.purposeHint}
        rows={2}
        value={of?.model?.intended_purpose ?? ""}
      />
      <ManyField name="roles" legend={text.roles} options={ROLES} held={entry?.roles ?? []} />
      <TextField name="supplier" label={text.supplier} hint={text.supplierHint} value={entry?.supplier ?? ""} />
      <TextField name="vendor_id" label={text.vendor} hint={text.vendorHint} value={entry?.vendor_id ?? ""} />
      <ManyField name="data_categories" legend={text.data} options={DATA} held={entry?.data_categories ?? []} />
      <LongField
        name="countries"
        label={text.countries}
        hint={text.countriesHint}
        rows={2}
        value={(entry?.countries ?? []).join("\n")}
      />
      <TextField name="version" label={text.version} hint={text.versionHint} value={of?.model?.version_in_use ?? ""} />
      <TextField name="owner" label={text.owner} hint={text.ownerHint} type="email" value={entry?.owner ?? ""} />
      <TextField name="review_due" label={text.review} type="date" value={entry?.review_due ?? ""} />
    </>
  );
}

export function systemOf(values: Values): Schemas["NewSystem"] {
  return {
    ...given(values, ["purpose", "vendor_id", "version", "owner", "review_due"]),
    name: values["name"] ?? "",
    origin: (values["origin"] ?? "other") as Schemas["SystemOrigin"],
    state: (values["state"] ?? "idea") as Schemas["LifeState"],
    roles: chosen(values, "roles", namesOf(ROLES)),
    supplier: values["supplier"] ?? "",
    data_categories: chosen(values, "data_categories", namesOf(DATA)),
    countries: lines(values["countries"]).map((one) => one.toUpperCase()),
  };
}
