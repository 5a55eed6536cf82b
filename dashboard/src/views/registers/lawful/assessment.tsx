/** One conformity assessment: procedure, checklist beside how its requirements are judged, and its conclusion. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Edition } from "../../../api/client";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Panel } from "../../../components/panel";
import { Badge, Icon, StateBadge } from "../../../components/state";
import { Time } from "../../../components/time";
import { Action, type Values } from "../../../forms/action";
import { ChoiceField, LongField, type Options, TextField } from "../../../forms/fields";
import { lawful, conformity as text } from "../../../strings/lawful";
import { lines, named, toField } from "../filled";
import { TOUCHED } from "../register";
import { assessmentOf } from "./reads";

type Schemas = components["schemas"];
type View = Schemas["FileView"];
type Route = Schemas["ConformityProcedure"];

/** The procedures that the answers leave to choose from. */
export function proceduresOf(routes: readonly Route[]): Options {
  return [["", text.notChosen], ...routes.map((one) => [one, text.procedures[one]] as const)];
}

interface AssessmentProps {
  readonly model: string;
  readonly id: string;
  readonly routes: Route[];
}

export function Assessment({ model, id, routes }: AssessmentProps): ReactNode {
  const found = useQuery(assessmentOf(useApp().api, model, id));
  return (
    <Panel what={lawful.conformity.toLowerCase()} of={found} lines={3}>
      {(view) => <Shown model={model} routes={routes} of={view} />}
    </Panel>
  );
}

interface ShownProps {
  readonly model: string;
  readonly routes: Route[];
  readonly of: Edition<View>;
}

function Shown({ model, routes, of }: ShownProps): ReactNode {
  const { file, items, open } = of.value;
  const concluded = file.state === "concluded";
  return (
    <div className="stack framework">
      <div className="card-head">
        <h4>{text.of(file.version)}</h4>
        <Badge
          word={concluded ? { tone: "good", text: text.states.concluded } : { tone: "warn", text: text.states.open }}
        />
      </div>
      <p className="quiet">
        {`${text.procedure}: ${file.route ? text.procedures[file.route] : text.notChosen}. `}
        {text.doneOf(items.filter((one) => one.done).length, items.length)}
        {file.concluded_at ? (
          <>
            {`. ${text.concludedBy(file.concluded_by ?? "")}`}
            <Time at={file.concluded_at} />{" "}
            <code title={`sha256 ${file.sha256}`}>{(file.sha256 ?? "").slice(0, 12)}</code>
          </>
        ) : null}
      </p>
      {!concluded && open.length ? (
        <div className="notice unsure">
          <div>
            <p>
              <b>{text.opens}</b>
            </p>
            <ul>
              {open.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        </div>
      ) : null}
      {concluded ? null : (
        <div className="toolbar">
          <GoOn model={model} routes={routes} of={of} />
          <Conclude model={model} of={of} />
        </div>
      )}
      {items.length ? <Checklist of={items} /> : null}
    </div>
  );
}

function Checklist({ of }: { of: View["items"] }): ReactNode {
  return (
    <details>
      <summary>{text.checklist}</summary>
      <ul className="checks">
        {of.map(({ item, done, note, states }) => (
          <li key={item.id}>
            <Icon tone={done ? "good" : "unsure"} />
            <div>
              {item.asks}
              <span className="reason">{`${item.legal_basis}. ${done ? text.done : text.notDone}. ${note}`}</span>
              {Object.entries(states).map(([requirement, state]) => (
                <span className="reason" key={requirement}>
                  {`${requirement} `}
                  <StateBadge name={state} />
                </span>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}

function GoOn({ model, routes, of: { value, etag } }: ShownProps): ReactNode {
  const { api } = useApp();
  const { file, items } = value;
  return (
    <Action
      route="PATCH /api/v1/models/{model_id}/conformity/{file_id}"
      label={text.go}
      title={text.goTitle(file.version)}
      about={text.goAbout}
      wide
      told={text.changed}
      touches={TOUCHED}
      etag={etag}
      place={toField}
      send={(values, headers) =>
        api.PATCH("/api/v1/models/{model_id}/conformity/{file_id}", {
          params: { path: { model_id: model, file_id: file.id } },
          body: changesOf(items, values),
          headers,
        })
      }
    >
      <ChoiceField name="route" label={text.procedure} says value={file.route ?? ""} options={proceduresOf(routes)} />
      <LongField name="route_reasons" label={text.reasons} value={file.route_reasons ?? ""} />
      <LongField
        name="standards"
        label={text.standards}
        hint={text.standardsHint}
        rows={2}
        value={(file.standards ?? []).join("\n")}
      />
      <fieldset className="asked">
        <legend>{text.body}</legend>
        <p className="quiet">{text.bodyHint}</p>
        <TextField name="body.name" label={text.bodyName} value={file.notified_body?.name ?? ""} />
        <TextField name="body.number" label={text.number} value={file.notified_body?.number ?? ""} />
        <TextField name="body.certificate" label={text.certificate} value={file.notified_body?.certificate ?? ""} />
        <TextField
          name="body.certificate_type"
          label={text.certificateType}
          value={file.notified_body?.certificate_type ?? ""}
        />
        <TextField
          name="body.expires_on"
          label={text.expires}
          type="date"
          value={file.notified_body?.expires_on ?? ""}
        />
      </fieldset>
      {items.map(({ item, done, note }) => (
        <fieldset className="asked" key={item.id}>
          <legend className="visually-hidden">{item.asks}</legend>
          <ChoiceField
            name={`${item.id}.done`}
            label={item.asks}
            hint={item.legal_basis}
            says
            value={done ? "yes" : "no"}
            options={named({ no: text.notDone, yes: text.done })}
          />
          <TextField name={`${item.id}.note`} label={text.note} value={note} />
        </fieldset>
      ))}
      <LongField
        name="foreseen"
        label={text.foreseen}
        hint={text.foreseenHint}
        rows={2}
        value={(file.foreseen ?? []).map((one) => [one.id, one.description, one.limits].join(" | ")).join("\n")}
      />
    </Action>
  );
}

/** Items are given one by one: only those that are another than before, so that two people can work on one checklist. */
export function changesOf(items: View["items"], values: Values): Schemas["FileChanges"] {
  const checks = Object.fromEntries(
    items.flatMap(({ item, done, note }) => {
      const now = { done: values[`${item.id}.done`] === "yes", note: values[`${item.id}.note`] ?? "" };
      return now.done === done && now.note === note ? [] : [[item.id, now]];
    }),
  );
  const name = values["body.name"] ?? "";
  return {
    ...(values["route"] ? { route: values["route"] as Route } : {}),
    route_reasons: values["route_reasons"] ?? "",
    standards: lines(values["standards"]),
    foreseen: lines(values["foreseen"]).map(foreseenOf),
    ...(name
      ? {
          notified_body: {
            name,
            number: values["body.number"] ?? "",
            certificate: values["body.certificate"] ?? "",
            certificate_type: values["body.certificate_type"] ?? "",
            expires_on: values["body.expires_on"] || null,
          },
        }
      : {}),
    ...(Object.keys(checks).length ? { checks: checks as never } : {}),
  };
}

function foreseenOf(line: string): Schemas["ForeseenChange"] {
  const [id = "", description = "", ...limits] = line.split("|").map((part) => part.trim());
  return { id, description, limits: limits.join(" | ") };
}

function Conclude({ model, of: { value, etag } }: Omit<ShownProps, "routes">): ReactNode {
  const { api } = useApp();
  const { file } = value;
  return (
    <Action
      route="POST /api/v1/models/{model_id}/conformity/{file_id}/conclude"
      label={text.conclude}
      title={text.concludeTitle(file.version)}
      about={text.concludeAbout}
      tone="primary"
      told={text.isConcluded}
      touches={TOUCHED}
      etag={etag}
      send={(_, headers) =>
        api.POST("/api/v1/models/{model_id}/conformity/{file_id}/conclude", {
          params: { path: { model_id: model, file_id: file.id } },
          headers,
        })
      }
    />
  );
}
