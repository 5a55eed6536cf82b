/** A new risk. */

import type { ReactNode } from "react";
import { useApp } from "../../../app";
import { Action } from "../../../forms/action";
import { ChoiceField, LongField, NumberField, TextField } from "../../../forms/fields";
import { ModelsField } from "../../../forms/models";
import { risks as text } from "../../../strings/risks";
import { decided, listed, options, UndecidedField } from "../fields";
import { toEntry } from "../opened";
import { TOUCHED } from "../register";
import type { Kind, Origin, RiskView } from "./types";

export function AddRisk(): ReactNode {
  const { api, session } = useApp();
  return (
    <Action
      route="POST /api/v1/risks"
      label={text.add}
      about={text.addAbout}
      tone="primary"
      otherwise="explain"
      told={({ title = "" }) => text.added(title)}
      touches={TOUCHED}
      done={toEntry("risks")}
      send={(values, headers) =>
        api.POST("/api/v1/risks", {
          headers,
          body: {
            title: values["title"] ?? "",
            description: values["description"] ?? "",
            owner: values["owner"] ?? "",
            kind: values["kind"] as Kind,
            origin: values["origin"] as Origin,
            affected: values["affected"] ?? "",
            vulnerable: decided(values["vulnerable"]),
            model_ids: listed(values["model_ids"]),
            tests: listed(values["tests"]),
            alert_ids: [],
            incident_ids: [],
            review_every_days: Number(values["review_every_days"] || 182),
          },
        })
      }
    >
      <RiskFields owner={session.person.name} />
    </Action>
  );
}

/** What is known of a risk, for a new one and for one that is on record. */
export function RiskFields({ view, owner }: { view?: RiskView; owner?: string }): ReactNode {
  return (
    <>
      <TextField name="title" label={text.name} required value={view?.title ?? ""} />
      <TextField name="owner" label={text.owner} type="email" required value={view?.owner ?? owner ?? ""} />
      <ChoiceField
        name="kind"
        label={text.kind}
        required
        value={view?.kind}
        options={options(Object.keys(text.kinds), text.kinds)}
      />
      <ChoiceField
        name="origin"
        label={text.origin}
        required
        value={view?.origin}
        options={options(Object.keys(text.origins), text.origins)}
      />
      <TextField name="affected" label={text.affected} value={view?.affected ?? ""} />
      <UndecidedField name="vulnerable" label={text.vulnerable} hint={text.vulnerableHint} value={view?.vulnerable} />
      <ModelsField name="model_ids" label={text.models} value={view?.model_ids ?? []} />
      <LongField
        name="tests"
        label={text.tests}
        hint={text.testsHint}
        rows={2}
        value={(view?.tests ?? []).join("\n")}
      />
      <NumberField
        name="review_every_days"
        label={text.every}
        required
        min={1}
        max={366}
        step={1}
        value={`${view?.review_every_days ?? 182}`}
      />
      <LongField name="description" label={text.description} value={view?.description ?? ""} />
    </>
  );
}
