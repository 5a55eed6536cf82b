/** What is done with an incident: assess, report, measures, change, close, open again. */

import { ChoiceField, LongField, NumberField, TextField } from "../../../forms/fields";
import { ModelsField } from "../../../forms/models";
import { MomentField, moment } from "../../../forms/moment";
import { incidents as text } from "../../../strings/incidents";
import { listed, options } from "../fields";
import { FileHash } from "../hashed";
import { oneText } from "../one_text";
import type { StepForm, Taken } from "../register";
import { AssessFields, assessmentOf } from "./assess";
import { type IncidentView, RECIPIENTS, type Recipient, type Stage } from "./types";

type Form = StepForm<IncidentView>;
const at = ({ view }: Taken<IncidentView>) => ({ path: { incident_id: view.id } });

const assess: Form = {
  route: "PUT /api/v1/incidents/{incident_id}/assessment",
  about: () => text.assessAbout,
  told: text.assessed,
  wide: true,
  fields: (view) => <AssessFields view={view} />,
  send: (api, taken) =>
    api.PUT("/api/v1/incidents/{incident_id}/assessment", {
      params: at(taken),
      headers: taken.headers,
      body: assessmentOf(taken.view.assessment ?? {}, taken.values),
    }),
};

/** Whom a clock is about: the step says it by its title alone. */
export function recipientOf(view: IncidentView, title: string): Recipient | undefined {
  const clock = (view.clocks ?? []).find((one) => one.title === title)?.name ?? "";
  const known: Readonly<Record<string, Recipient>> = {
    ai_act_report: view.assessment?.ai_office_competent ? "ai_office" : "market_surveillance_authority",
    ai_act_inform_provider: "provider",
    ai_act_inform_authority: "market_surveillance_authority",
    ai_act_inform_importer: "importer",
    ai_act_inform_distributor: "distributor",
    ai_act_risk_authority: view.assessment?.ai_office_competent ? "ai_office" : "market_surveillance_authority",
    ai_act_risk_notified_body: "notified_body",
    gdpr_authority: "data_protection_authority",
    gdpr_controller: "controller",
    gdpr_persons: "affected_persons",
  };
  return known[clock];
}

const report: Form = {
  route: "POST /api/v1/incidents/{incident_id}/reports",
  about: () => text.reportAbout,
  confirm: text.reportConfirm,
  told: text.reported,
  fields: (view, step) => (
    <>
      <ChoiceField
        name="recipient"
        label={text.recipient}
        required
        value={recipientOf(view, step.title)}
        options={options(RECIPIENTS, text.recipients)}
      />
      <ChoiceField
        name="stage"
        label={text.stage}
        required
        value={(view.clocks ?? []).some((one) => one.title === step.title) ? "initial" : "final"}
        options={options(Object.keys(text.stages), text.stages)}
      />
      <MomentField name="sent_at" label={text.sentAt} required />
      <TextField name="reference" label={text.sentReference} />
      <FileHash name="sha256" label={text.sha} hint={text.shaHint} required={false} />
      {step.asks?.includes("late_because") ? (
        <LongField name="late_because" label={text.late} hint={text.lateHint} required />
      ) : null}
    </>
  ),
  send: (api, taken) =>
    api.POST("/api/v1/incidents/{incident_id}/reports", {
      params: at(taken),
      headers: taken.headers,
      body: {
        recipient: taken.values["recipient"] as Recipient,
        stage: taken.values["stage"] as Stage,
        sent_at: moment(taken.values["sent_at"]) ?? "",
        reference: taken.values["reference"] ?? "",
        sha256: taken.values["sha256"] || null,
        late_because: taken.values["late_because"] ?? "",
      },
    }),
};

const measure: Form = {
  route: "POST /api/v1/incidents/{incident_id}/measures",
  told: text.measured,
  fields: (view) => (
    <>
      <TextField name="title" label={text.measureTitle} required />
      <ChoiceField name="kind" label={text.kind} required options={options(Object.keys(text.kinds), text.kinds)} />
      <TextField name="owner" label={text.owner} type="email" required value={view.owner} />
      <TextField name="due" label={text.due} type="date" required />
    </>
  ),
  send: (api, taken) =>
    api.POST("/api/v1/incidents/{incident_id}/measures", {
      params: at(taken),
      headers: taken.headers,
      body: {
        title: taken.values["title"] ?? "",
        kind: taken.values["kind"] as "corrective",
        owner: taken.values["owner"] ?? "",
        due: taken.values["due"] ?? "",
      },
    }),
};

const change: Form = {
  route: "PATCH /api/v1/incidents/{incident_id}",
  told: text.changed,
  fields: (view) => (
    <>
      <LongField name="root_cause" label={text.cause} hint={text.causeHint} value={view.root_cause ?? ""} />
      <LongField name="description" label={text.description} value={view.description ?? ""} />
      <TextField name="owner" label={text.owner} type="email" required value={view.owner} />
      <ModelsField name="model_ids" label={text.models} value={view.model_ids ?? []} />
      <NumberField
        name="affected_persons"
        label={text.persons}
        min={0}
        step={1}
        value={`${view.affected_persons ?? ""}`}
      />
      <TextField
        name="member_states"
        label={text.states}
        hint={text.statesHint}
        value={(view.member_states ?? []).join(" ")}
      />
      <MomentField name="aware_at" label={text.aware} value={view.aware_at} />
      <TextField name="reason" label={text.reason} hint={text.reasonHint} />
    </>
  ),
  send: (api, { view, values, headers }) => {
    const aware = moment(values["aware_at"]);
    const minute = (time: string): number => Math.floor(Date.parse(time) / 60_000);
    return api.PATCH("/api/v1/incidents/{incident_id}", {
      params: { path: { incident_id: view.id } },
      headers,
      body: {
        root_cause: values["root_cause"] ?? "",
        description: values["description"] ?? "",
        owner: values["owner"] ?? "",
        model_ids: listed(values["model_ids"]),
        member_states: listed(values["member_states"]),
        ...(values["affected_persons"] ? { affected_persons: Number(values["affected_persons"]) } : {}),
        // The field has no seconds: what was not touched is not moved.
        ...(aware && minute(aware) !== minute(view.aware_at) ? { aware_at: aware } : {}),
        reason: values["reason"] ?? "",
      },
    });
  },
};

const close = oneText<IncidentView>(
  {
    route: "POST /api/v1/incidents/{incident_id}/close",
    told: text.closed,
    field: "conclusion",
    asks: text.conclusion,
    hint: text.conclusionHint,
  },
  (api, conclusion, taken) =>
    api.POST("/api/v1/incidents/{incident_id}/close", {
      params: at(taken),
      headers: taken.headers,
      body: { conclusion },
    }),
);

const reopen = oneText<IncidentView>(
  {
    route: "POST /api/v1/incidents/{incident_id}/reopen",
    told: text.reopened,
    field: "reason",
    asks: text.reopenReason,
  },
  (api, reason, taken) =>
    api.POST("/api/v1/incidents/{incident_id}/reopen", { params: at(taken), headers: taken.headers, body: { reason } }),
);

export const INCIDENT_STEPS: Readonly<Record<string, Form>> = { assess, report, measure, change, close, reopen };
