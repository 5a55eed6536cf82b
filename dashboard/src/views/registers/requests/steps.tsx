/** What is done with a request: identify, extend, answer, refuse, change, take back. */

import type { ReactNode } from "react";
import type { Api } from "../../../api/client";
import { ChoiceField, LongField, TextField } from "../../../forms/fields";
import { ModelsField } from "../../../forms/models";
import { MomentField, moment } from "../../../forms/moment";
import { registers } from "../../../strings/registers";
import { requests as text } from "../../../strings/requests";
import { decided, listed, options, UndecidedField } from "../fields";
import { FileHash } from "../hashed";
import { oneText } from "../one_text";
import type { StepForm, Taken } from "../register";
import type { Ground, Identity, Outcome, RequestView } from "./types";

type Form = StepForm<RequestView>;
const at = ({ view }: Taken<RequestView>) => ({ path: { person_request_id: view.id } });

const identity: Form = {
  route: "POST /api/v1/requests/{person_request_id}/identity",
  about: () => text.identityAbout,
  told: text.identified,
  fields: (view) => (
    <ChoiceField
      name="identity"
      label={text.identity}
      required
      value={view.identity === "not_checked" ? undefined : view.identity}
      options={options(
        Object.keys(text.identities).filter((name) => name !== "not_checked"),
        text.identities,
      )}
    />
  ),
  send: (api, taken) =>
    api.POST("/api/v1/requests/{person_request_id}/identity", {
      params: at(taken),
      headers: taken.headers,
      body: { identity: taken.values["identity"] as Identity },
    }),
};

const extend: Form = {
  route: "POST /api/v1/requests/{person_request_id}/extend",
  about: () => text.extendAbout,
  told: text.extended,
  fields: () => (
    <>
      <LongField name="reason" label={text.extendReason} required />
      <MomentField name="told_at" label={text.toldAt} required />
    </>
  ),
  send: (api, taken) =>
    api.POST("/api/v1/requests/{person_request_id}/extend", {
      params: at(taken),
      headers: taken.headers,
      body: { reason: taken.values["reason"] ?? "", told_at: moment(taken.values["told_at"]) ?? "" },
    }),
};

/** The same record whether it is granted or refused; a refusal begins with its ground. */
function AnswerFields({ view, refused }: { view: RequestView; refused: boolean }): ReactNode {
  const grounds = options(Object.keys(text.grounds), text.grounds);
  const late = (view.standing.clocks ?? []).some((one) => one.state === "late");
  return (
    <>
      <ChoiceField
        name="outcome"
        label={text.outcome}
        required
        value={refused ? "refused" : undefined}
        options={options(refused ? ["refused", "partly"] : ["granted", "partly"], text.outcomes)}
      />
      <MomentField name="at" label={text.at} hint={text.atHint} />
      <ChoiceField
        name="ground"
        label={text.ground}
        required={refused}
        says
        value={refused ? undefined : ""}
        options={refused ? grounds : [["", text.noGround], ...grounds]}
      />
      <LongField name="reason" label={text.reason} required={refused} />
      <ChoiceField
        name="told_of_remedies"
        label={text.remedies}
        required
        value="no"
        options={[
          ["no", registers.no],
          ["yes", registers.yes],
        ]}
      />
      <UndecidedField name="recipients_told" label={text.recipients} hint={text.recipientsHint} value={null} />
      <FileHash name="sha256" label={text.sha} hint={text.shaHint} required={false} />
      <LongField name="late_because" label={text.late} hint={text.lateHint} required={late} rows={2} />
    </>
  );
}

const sendAnswer = (api: Api, taken: Taken<RequestView>) =>
  api.POST("/api/v1/requests/{person_request_id}/answer", {
    params: at(taken),
    headers: taken.headers,
    body: {
      outcome: taken.values["outcome"] as Outcome,
      at: moment(taken.values["at"]),
      ground: (taken.values["ground"] as Ground) || null,
      reason: taken.values["reason"] ?? "",
      told_of_remedies: taken.values["told_of_remedies"] === "yes",
      recipients_told: decided(taken.values["recipients_told"]),
      sha256: taken.values["sha256"] || null,
      late_because: taken.values["late_because"] ?? "",
    },
  });

const answer: Form = {
  route: "POST /api/v1/requests/{person_request_id}/answer",
  about: () => text.answerAbout,
  told: text.answered,
  fields: (view) => <AnswerFields view={view} refused={false} />,
  send: sendAnswer,
};

const refuse: Form = {
  ...answer,
  label: () => text.refuse,
  fields: (view) => <AnswerFields view={view} refused />,
};

const withdraw = oneText<RequestView>(
  {
    route: "POST /api/v1/requests/{person_request_id}/withdraw",
    told: text.withdrawn,
    field: "reason",
    asks: text.withdrawReason,
  },
  (api, reason, taken) =>
    api.POST("/api/v1/requests/{person_request_id}/withdraw", {
      params: at(taken),
      headers: taken.headers,
      body: { reason },
    }),
);

const reopen = oneText<RequestView>(
  {
    route: "POST /api/v1/requests/{person_request_id}/reopen",
    about: () => text.reopenAbout,
    told: text.reopened,
    field: "reason",
    asks: text.reopenReason,
  },
  (api, reason, taken) =>
    api.POST("/api/v1/requests/{person_request_id}/reopen", {
      params: at(taken),
      headers: taken.headers,
      body: { reason },
    }),
);

const change: Form = {
  route: "PATCH /api/v1/requests/{person_request_id}",
  told: text.changed,
  fields: (view) => (
    <>
      <TextField name="owner" label={text.owner} type="email" required value={view.owner} />
      <ModelsField name="model_ids" label={text.models} value={view.model_ids ?? []} />
      <TextField name="decision" label={text.subject} hint={text.subjectHint} value={view.decision ?? ""} />
      <LongField name="note" label={text.note} hint={text.noteHint} value={view.note ?? ""} />
    </>
  ),
  send: (api, taken) =>
    api.PATCH("/api/v1/requests/{person_request_id}", {
      params: at(taken),
      headers: taken.headers,
      body: {
        owner: taken.values["owner"] ?? "",
        model_ids: listed(taken.values["model_ids"]),
        decision: taken.values["decision"] ?? "",
        note: taken.values["note"] ?? "",
      },
    }),
};

export const REQUEST_STEPS: Readonly<Record<string, Form>> = {
  identity,
  extend,
  answer,
  refuse,
  withdraw,
  reopen,
  change,
};
