/** The fields of a vendor's forms, and what they are to the API. */

import type { ReactNode } from "react";
import type { components } from "../../../api/schema";
import type { Values } from "../../../forms/action";
import { ChoiceField, NumberField, type Options, TextField } from "../../../forms/fields";
import { ModelsField } from "../../../forms/models";
import { kept } from "../../../strings/kept";
import { vendors as text } from "../../../strings/vendors";
import { chosen, decided, ManyField } from "../fields";
import { given, lines, named, namesOf, said } from "../filled";
import { FileHash } from "../hashed";

type Schemas = components["schemas"];
type Vendor = Schemas["Vendor"];
type Question = Schemas["VendorQuestion"];

const SUPPLIES = Object.entries(text.supplyNames) as [Schemas["Supply"], string][];
const YES_NO: Options = [
  ["no", kept.no],
  ["yes", kept.yes],
];

export function VendorFields({ of }: { of?: Vendor }): ReactNode {
  return (
    <>
      <TextField name="name" label={text.name} hint={text.nameHint} required value={of?.title ?? ""} />
      <ChoiceField
        name="state"
        label={text.state}
        hint={text.stateHint}
        required
        value={of?.state ?? "prospective"}
        options={named(text.states).filter(([state]) => of || state !== "ended")}
      />
      <ManyField name="supplies" legend={text.supplies} options={SUPPLIES} held={of?.supplies ?? []} />
      <ModelsField name="model_ids" label={text.models} hint={text.modelsHint} value={of?.model_ids ?? []} />
      <ChoiceField
        name="processes_personal_data"
        label={text.personal}
        hint={text.personalHint}
        says
        value={said(of?.processes_personal_data)}
        options={[["", kept.notKnown], ...YES_NO]}
      />
      <ChoiceField
        name="free_and_open_source"
        label={text.free}
        hint={text.freeHint}
        required
        value={said(of?.free_and_open_source ?? false)}
        options={YES_NO}
      />
      <TextField name="owner" label={text.owner} hint={text.ownerHint} type="email" value={of?.owner ?? ""} />
      <TextField name="country" label={text.country} hint={text.countryHint} value={of?.country ?? ""} />
      <TextField name="website" label={text.website} value={of?.website ?? ""} />
      <TextField name="contact" label={text.contact} hint={text.contactHint} value={of?.contact ?? ""} />
      <TextField
        name="review_due"
        label={text.review}
        hint={text.reviewHint}
        type="date"
        value={of?.review_due ?? ""}
      />
    </>
  );
}

export function newVendor(values: Values): Schemas["NewVendor"] {
  return {
    ...given(values, ["owner", "country", "review_due"]),
    website: values["website"] ?? "",
    contact: values["contact"] ?? "",
    name: values["name"] ?? "",
    state: (values["state"] ?? "prospective") as Schemas["VendorState"],
    supplies: chosen(values, "supplies", namesOf(SUPPLIES)),
    model_ids: lines(values["model_ids"]),
    processes_personal_data: decided(values["processes_personal_data"]),
    free_and_open_source: values["free_and_open_source"] === "yes",
  };
}

const ACT = Object.entries(text.terms.ai_act_25_4);
const GDPR = Object.entries(text.terms.gdpr_28);

export function AgreementFields(): ReactNode {
  return (
    <>
      <ChoiceField name="kind" label={text.kind} required options={named(text.kinds)} />
      <TextField name="title" label={text.agreementTitle} required />
      <TextField name="signed_on" label={text.signed} type="date" required />
      <TextField name="expires_on" label={text.expires} hint={text.expiresHint} type="date" />
      <NumberField name="notice_days" label={text.notice} required value="30" min={1} max={400} step={1} />
      <TextField name="location" label={text.location} required />
      <FileHash name="sha256" label={text.sha256} hint={text.sha256Hint} />
      <ManyField name="settles_act" legend={text.termsOfAct} options={ACT} />
      <ManyField name="settles_gdpr" legend={text.termsOfGdpr} options={GDPR} />
    </>
  );
}

export function agreementOf(values: Values): Schemas["AgreementFacts"] {
  const kind = (values["kind"] ?? "other") as Schemas["VendorAgreementKind"];
  return {
    ...given(values, ["expires_on"]),
    kind,
    title: values["title"] ?? "",
    signed_on: values["signed_on"] ?? "",
    location: values["location"] ?? "",
    sha256: (values["sha256"] ?? "").toLowerCase(),
    notice_days: Number(values["notice_days"] ?? 30),
    settles:
      kind === "ai_act_25_4"
        ? chosen(values, "settles_act", namesOf(ACT))
        : kind === "gdpr_28"
          ? chosen(values, "settles_gdpr", namesOf(GDPR))
          : [],
  };
}

interface QuestionProps {
  readonly questions: readonly Question[];
  readonly answers: Vendor["answers"];
}

export function QuestionFields({ questions, answers }: QuestionProps): ReactNode {
  const before = (answers ?? {}) as Readonly<Record<string, Schemas["VendorAnswer"]>>;
  return questions.map(({ id, asks, because }) => (
    <fieldset className="asked" key={id}>
      <legend className="visually-hidden">{asks}</legend>
      <ChoiceField
        name={id}
        label={asks}
        hint={because}
        says
        value={before[id]?.answer ?? ""}
        options={[["", text.open], ...named(text.replies)]}
      />
      <TextField name={`${id}.note`} label={text.note} value={before[id]?.note ?? ""} />
    </fieldset>
  ));
}

/** All at once, as the API takes them; what is left open is not sent. */
export function repliesOf(questions: readonly Question[], values: Values): Record<string, Schemas["VendorAnswer"]> {
  return Object.fromEntries(
    questions.flatMap(({ id }) => {
      const answer = values[id] as Schemas["VendorReply"] | "" | undefined;
      return answer ? [[id, { answer, note: values[`${id}.note`] ?? "" }]] : [];
    }),
  );
}
