/** The form of Art. 6(4): whether it is owed, what is written in it for each version, what it lacks, and its signature. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Panel } from "../../../components/panel";
import { Badge } from "../../../components/state";
import { Time } from "../../../components/time";
import { words } from "../../../format";
import { Action, type Values } from "../../../forms/action";
import { LongField, TextField } from "../../../forms/fields";
import { highRisk as text } from "../../../strings/high_risk";
import { Facts } from "../fields";
import { Missing } from "../pieces";
import { TOUCHED } from "../register";
import { highRiskOf } from "./reads";

type View = components["schemas"]["HighRiskAssessmentView"];
type Form = components["schemas"]["HighRiskAssessment"];
type Filled = components["schemas"]["FilledForm"];

const ROUTE = "POST /api/v1/models/{model_id}/high-risk-assessment";
const TEXTS = ["no_significant_risk", "influence", "no_profiling"] as const;

export function HighRiskPart({ id }: { id: string }): ReactNode {
  const found = useQuery(highRiskOf(useApp().api, id));
  return (
    <Panel what="the form of Art. 6(4)" of={found} lines={4}>
      {(view) => <Shown id={id} view={view} />}
    </Panel>
  );
}

function Shown({ id, view }: { id: string; view: View }): ReactNode {
  const [newest] = view.forms;
  const draft = newest && newest.state !== "signed" ? newest : null;
  return (
    <>
      <p className="quiet">{text.about}</p>
      <p>{view.applies === null ? text.unknown : view.applies ? text.applies : text.appliesNot}</p>
      {view.applies ? (
        <>
          <Missing of={view.missing.map((one) => [one])} />
          <div className="toolbar">
            <Fill id={id} form={draft} />
            {draft && view.missing.length === 0 ? <Sign id={id} form={draft} /> : null}
          </div>
        </>
      ) : null}
      {view.forms.map((form) => (
        <Written key={form.id} form={form} />
      ))}
    </>
  );
}

const groundName = (ground: string): string => text.grounds[ground] ?? words(ground);

/** Only what was written: an empty text is no statement. */
export function formOf(values: Values, grounds: readonly string[]): Filled {
  const given = grounds.flatMap((ground) => {
    const said = values[`ground_reasons.${ground}`];
    return said ? [[ground, said]] : [];
  });
  const said = TEXTS.flatMap((name) => (values[name] ? [[name, values[name]]] : []));
  return {
    version: values["version"] ?? "",
    ...(given.length ? { ground_reasons: Object.fromEntries(given) } : {}),
    ...Object.fromEntries(said),
    sign: false,
  };
}

function Fill({ id, form }: { id: string; form: Form | null }): ReactNode {
  const { api } = useApp();
  const grounds = form?.grounds ?? [];
  return (
    <Action
      route={ROUTE}
      label={text.fill}
      title={`${text.fill}: ${id}`}
      about={text.fillAbout}
      wide
      otherwise="explain"
      told={({ version = "" }) => text.filled(version)}
      touches={TOUCHED}
      send={(values, headers) =>
        api.POST("/api/v1/models/{model_id}/high-risk-assessment", {
          params: { path: { model_id: id } },
          body: formOf(values, grounds),
          headers,
        })
      }
    >
      <TextField name="version" label={text.version} required value={form?.version ?? ""} />
      {grounds.map((ground) => (
        <LongField
          key={ground}
          name={`ground_reasons.${ground}`}
          label={groundName(ground)}
          value={form?.ground_reasons?.[ground] ?? ""}
        />
      ))}
      {TEXTS.map((name) => (
        <LongField key={name} name={name} label={text[name]} value={form?.[name] ?? ""} />
      ))}
    </Action>
  );
}

function Sign({ id, form }: { id: string; form: Form }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route={ROUTE}
      label={text.sign}
      title={`${text.sign}: ${form.version}`}
      about={text.signAbout}
      tone="primary"
      told={text.signed(form.version)}
      touches={TOUCHED}
      send={(_, headers) =>
        api.POST("/api/v1/models/{model_id}/high-risk-assessment", {
          params: { path: { model_id: id } },
          body: { version: form.version, sign: true },
          headers,
        })
      }
    />
  );
}

function Written({ form }: { form: Form }): ReactNode {
  const said: readonly (readonly [string, string])[] = [
    [text.area, words(form.area ?? "")],
    ...(form.grounds ?? []).map((ground) => [groundName(ground), form.ground_reasons?.[ground] ?? ""] as const),
    ...TEXTS.map((name) => [text[name], form[name] ?? ""] as const),
  ];
  return (
    <>
      <h4>{text.forms(form.version)}</h4>
      <p className="about">
        <Badge word={form.state === "signed" ? text.states.signed : text.states.draft} />
        {form.signed_by && form.signed_at ? (
          <span>
            {text.by(form.signed_by)}
            <Time at={form.signed_at} />
          </span>
        ) : null}
      </p>
      <Facts
        facts={said.map(
          ([name, value]) =>
            [
              name,
              value || (
                <span className="quiet" key={name}>
                  {text.notWritten}
                </span>
              ),
            ] as const,
        )}
      />
    </>
  );
}
