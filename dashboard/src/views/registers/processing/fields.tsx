/** The fields of Art. 30, and what they are to the API. */

import type { ReactNode } from "react";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Action, type Values } from "../../../forms/action";
import { ChoiceField, LongField, type Options, TextField } from "../../../forms/fields";
import { ModelsField } from "../../../forms/models";
import { kept } from "../../../strings/kept";
import { processing as text } from "../../../strings/processing";
import { decided } from "../fields";
import { lines, named, said, toField } from "../filled";
import { toEntry } from "../opened";
import { TOUCHED } from "../register";

type Schemas = components["schemas"];
type Contents = Schemas["ProcessingContents"];
type Name = keyof typeof text.fields;

const SHORT = ["controller", "joint_controllers", "representative", "protection_officer"] as const;
const LONG = ["retention", "security", "basis_note", "special_note", "consent_obtained", "consent_withdrawn"] as const;
const LISTS = ["data_subjects", "data_categories", "recipients"] as const;
const OF_PROCESSORS = ["on_behalf_of"] as const;
const NOBODY = ["no_recipients", "no_transfers"] as const;

const YES_NO: Options = [
  ["no", kept.no],
  ["yes", kept.yes],
];

export function AddProcessing(): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/processing-records"
      label={text.add}
      about={text.addAbout}
      tone="primary"
      otherwise="explain"
      told={text.added}
      touches={TOUCHED}
      done={toEntry("processing")}
      place={toContents}
      send={({ role, purposes = "", ...values }, headers) =>
        api.POST("/api/v1/processing-records", {
          body: {
            title: values["title"] ?? "",
            owner: values["owner"] ?? "",
            role: role === "processor" ? "processor" : "controller",
            model_ids: lines(values["model_ids"]),
            contents: { purposes } as Contents,
          },
          headers,
        })
      }
    >
      <TextField name="title" label={text.name} required />
      <ChoiceField name="role" label={text.role} required options={named(text.roles)} />
      <TextField name="owner" label={text.owner} hint={text.ownerHint} required />
      <ModelsField name="model_ids" label={text.models} />
      <LongField name="purposes" label={text.fields.purposes} rows={2} />
    </Action>
  );
}

/** `body.contents.recipients.0` is about the field `recipients`. */
export const toContents = (where: string): string | undefined => toField(where.replace("body.contents.", "body."));

export function ProcessingFields({ of }: { of: Schemas["ProcessingView"] }): ReactNode {
  const { contents } = of;
  const row = (name: Name): string => {
    const value = contents?.[name as keyof Contents];
    return Array.isArray(value) ? value.join("\n") : typeof value === "string" ? value : "";
  };
  const long = (name: Name, hint?: string): ReactNode => (
    <LongField
      key={name}
      name={name}
      label={text.fields[name]}
      rows={2}
      value={row(name)}
      {...(hint ? { hint } : {})}
    />
  );
  return (
    <>
      <TextField name="title" label={text.name} required value={of.title} />
      <TextField name="owner" label={text.owner} hint={text.ownerHint} required value={of.owner} />
      <ModelsField name="model_ids" label={text.models} value={of.model_ids ?? []} />
      {SHORT.map((name) => (
        <TextField key={name} name={name} label={text.fields[name]} value={row(name)} />
      ))}
      {of.role === "processor" ? [long("on_behalf_of", text.aLine), long("operations")] : long("purposes")}
      {of.role === "processor" ? null : LISTS.map((name) => long(name, text.aLine))}
      {NOBODY.map((name) => (
        <ChoiceField
          key={name}
          name={name}
          label={text.fields[name]}
          required
          value={said(contents?.[name] ?? false)}
          options={YES_NO}
        />
      ))}
      <LongField
        name="transfers"
        label={text.fields.transfers}
        hint={text.transfersHint}
        rows={2}
        value={(contents?.transfers ?? []).map(({ to, safeguard }) => `${to} = ${safeguard}`).join("\n")}
      />
      <ChoiceField
        name="legal_basis"
        label={text.fields.legal_basis}
        says
        value={contents?.legal_basis ?? ""}
        options={[["", kept.notKnown], ...named(text.bases)]}
      />
      <ChoiceField
        name="special_categories"
        label={text.fields.special_categories}
        says
        value={said(contents?.special_categories)}
        options={[["", kept.notKnown], ...YES_NO]}
      />
      <ChoiceField
        name="special_condition"
        label={text.fields.special_condition}
        value={contents?.special_condition ?? ""}
        options={[["", kept.none], ...[..."abcdefghij"].map((one) => [one, `9(2)(${one})`] as const)]}
      />
      {LONG.map((name) => long(name))}
    </>
  );
}

/** As all fields stand in the form: a field that the form did not have stays, one that was emptied is taken back. */
export function processingOf(values: Values): Schemas["ProcessingChange"] {
  const texts = [...SHORT, ...LONG, "purposes", "operations"].filter((name) => name in values);
  const lists = [...LISTS, ...OF_PROCESSORS].filter((name) => name in values);
  const contents = {
    ...Object.fromEntries(texts.map((name) => [name, values[name] ?? ""])),
    ...Object.fromEntries(lists.map((name) => [name, lines(values[name])])),
    ...Object.fromEntries(NOBODY.map((name) => [name, values[name] === "yes"])),
    transfers: lines(values["transfers"]).map(transfer),
    legal_basis: values["legal_basis"] || null,
    special_categories: decided(values["special_categories"]),
    special_condition: values["special_condition"] || null,
  };
  return {
    title: values["title"] ?? "",
    owner: values["owner"] ?? "",
    model_ids: lines(values["model_ids"]),
    contents: contents as unknown as Contents,
  };
}

/** "USA = clauses"; without a safeguard the API says so. */
export function transfer(line: string): Schemas["ThirdCountryTransfer"] {
  const [to = "", ...safeguard] = line.split("=");
  return { to: to.trim(), safeguard: safeguard.join("=").trim() };
}
