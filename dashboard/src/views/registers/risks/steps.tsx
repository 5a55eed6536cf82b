/** What is done with a risk: assess, control, decide, review, change, close, open again. */

import type { ReactNode } from "react";
import type { Values } from "../../../forms/action";
import { ChoiceField, LongField, TextField } from "../../../forms/fields";
import { risks as text } from "../../../strings/risks";
import { decided, listed, options } from "../fields";
import { oneText } from "../one_text";
import type { StepForm, Taken } from "../register";
import { RiskFields } from "./add";
import type { ControlKind, Impact, Kind, Levels, Likelihood, Origin, RiskView } from "./types";

type Form = StepForm<RiskView>;
const at = ({ view }: Taken<RiskView>) => ({ path: { risk_id: view.id } });

/** Both levels of one kind; the residual ones may be left out. */
function LevelFields({
  name,
  levels,
  legend,
}: {
  name: string;
  legend: string;
  levels?: Levels | null | undefined;
}): ReactNode {
  const optional = name === "residual";
  const none = optional ? [["", text.notYet] as const] : [];
  return (
    <fieldset className="field levels">
      <legend>{legend}</legend>
      <ChoiceField
        name={`${name}.likelihood`}
        label={text.likelihood}
        required={!optional}
        says
        value={levels?.likelihood ?? (optional ? "" : undefined)}
        options={[...none, ...options(Object.keys(text.likelihoods), text.likelihoods)]}
      />
      <ChoiceField
        name={`${name}.impact`}
        label={text.impact}
        required={!optional}
        says
        value={levels?.impact ?? (optional ? "" : undefined)}
        options={[...none, ...options(Object.keys(text.impacts), text.impacts)]}
      />
      <LongField name={`${name}.reason`} label={text.why} required={!optional} rows={2} value={levels?.reason ?? ""} />
    </fieldset>
  );
}

function levelsOf(values: Values, name: string): Levels {
  return {
    likelihood: values[`${name}.likelihood`] as Likelihood,
    impact: values[`${name}.impact`] as Impact,
    reason: values[`${name}.reason`] ?? "",
  };
}

const assess: Form = {
  route: "PUT /api/v1/risks/{risk_id}/assessment",
  label: (view, step) => (view.residual ? step.title : text.assessFirst),
  about: () => text.assessAbout,
  told: text.assessed,
  fields: (view) => (
    <>
      <LevelFields name="inherent" legend={text.inherent} levels={view.inherent} />
      <LevelFields name="residual" legend={text.residual} levels={view.residual} />
    </>
  ),
  send: (api, taken) => {
    const { values } = taken;
    // Half of what is left is sent too: the API says which half is missing.
    const left = Boolean(values["residual.likelihood"] || values["residual.impact"]);
    return api.PUT("/api/v1/risks/{risk_id}/assessment", {
      params: at(taken),
      headers: taken.headers,
      body: { inherent: levelsOf(values, "inherent"), residual: left ? levelsOf(values, "residual") : null },
    });
  },
};

const control: Form = {
  route: "POST /api/v1/risks/{risk_id}/controls",
  told: text.controlled,
  fields: (view) => (
    <>
      <TextField name="title" label={text.controlTitle} required />
      <ChoiceField
        name="kind"
        label={text.controlKind}
        required
        options={options(Object.keys(text.controlKinds), text.controlKinds)}
      />
      <TextField name="owner" label={text.owner} type="email" required value={view.owner} />
      <TextField name="due" label={text.due} type="date" required />
    </>
  ),
  send: (api, taken) =>
    api.POST("/api/v1/risks/{risk_id}/controls", {
      params: at(taken),
      headers: taken.headers,
      body: {
        title: taken.values["title"] ?? "",
        kind: taken.values["kind"] as ControlKind,
        owner: taken.values["owner"] ?? "",
        due: taken.values["due"] ?? "",
        requirement_ids: [],
      },
    }),
};

const decide: Form = {
  route: "POST /api/v1/risks/{risk_id}/decision",
  label: () => text.decideLabel,
  about: (view) => (
    <>
      <p>
        {view.residual && view.residual_rating ? (
          <b>
            {`${text.residual}: ${text.ratings[view.residual_rating]} (${text.level(
              text.likelihoods[view.residual.likelihood],
              text.impacts[view.residual.impact].toLowerCase(),
            )})`}
          </b>
        ) : (
          text.notYet
        )}
      </p>
      <p>{text.decideAbout}</p>
    </>
  ),
  told: text.decided,
  fields: () => (
    <>
      <ChoiceField
        name="kind"
        label={text.decision}
        required
        options={options(Object.keys(text.decisions), text.decisions)}
      />
      <ChoiceField name="role" label={text.role} required options={options(Object.keys(text.roles), text.roles)} />
      <LongField name="reason" label={text.reason} required />
      <TextField name="expires" label={text.until} hint={text.untilHint} type="date" required />
    </>
  ),
  send: (api, taken) =>
    api.POST("/api/v1/risks/{risk_id}/decision", {
      params: at(taken),
      headers: taken.headers,
      body: {
        kind: taken.values["kind"] as "accept",
        role: taken.values["role"] ?? "",
        reason: taken.values["reason"] ?? "",
        expires: taken.values["expires"] ?? "",
      },
    }),
};

const review = oneText<RiskView>(
  { route: "POST /api/v1/risks/{risk_id}/reviews", told: text.reviewed, field: "note", asks: text.note },
  (api, note, taken) =>
    api.POST("/api/v1/risks/{risk_id}/reviews", { params: at(taken), headers: taken.headers, body: { note } }),
);

const change: Form = {
  route: "PATCH /api/v1/risks/{risk_id}",
  told: text.changed,
  fields: (view) => <RiskFields view={view} />,
  send: (api, taken) =>
    api.PATCH("/api/v1/risks/{risk_id}", {
      params: at(taken),
      headers: taken.headers,
      body: {
        title: taken.values["title"] ?? "",
        description: taken.values["description"] ?? "",
        owner: taken.values["owner"] ?? "",
        kind: taken.values["kind"] as Kind,
        origin: taken.values["origin"] as Origin,
        affected: taken.values["affected"] ?? "",
        vulnerable: decided(taken.values["vulnerable"]),
        model_ids: listed(taken.values["model_ids"]),
        tests: listed(taken.values["tests"]),
        review_every_days: Number(taken.values["review_every_days"]),
      },
    }),
};

const close = oneText<RiskView>(
  { route: "POST /api/v1/risks/{risk_id}/close", told: text.closed, field: "conclusion", asks: text.conclusion },
  (api, conclusion, taken) =>
    api.POST("/api/v1/risks/{risk_id}/close", { params: at(taken), headers: taken.headers, body: { conclusion } }),
);

const reopen = oneText<RiskView>(
  { route: "POST /api/v1/risks/{risk_id}/reopen", told: text.reopened, field: "reason", asks: text.reopenReason },
  (api, reason, taken) =>
    api.POST("/api/v1/risks/{risk_id}/reopen", { params: at(taken), headers: taken.headers, body: { reason } }),
);

export const RISK_STEPS: Readonly<Record<string, Form>> = { assess, control, decide, review, change, close, reopen };
