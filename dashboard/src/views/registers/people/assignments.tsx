/** Who has which duty. It counts once the person accepts it, signed in under their own name. */

import type { ReactNode } from "react";
import { answer, edition } from "../../../api/client";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Time } from "../../../components/time";
import { day } from "../../../format";
import { Action } from "../../../forms/action";
import { ChoiceField, LongField, TextField } from "../../../forms/fields";
import { ModelsField } from "../../../forms/models";
import { address } from "../../../router";
import { assignments as text } from "../../../strings/people";
import { Facts } from "../fields";
import { lines, named, toField } from "../filled";
import { toEntry } from "../opened";
import { type BodyProps, type Register, TOUCHED } from "../register";

type Schemas = components["schemas"];
type Assignment = Schemas["AssignmentView"];

const at = (view: Assignment) => ({ path: { assignment_id: view.id } });

export const ASSIGNMENTS: Register<Assignment> = {
  name: "assignments",
  kind: "assignment",
  title: text.title,
  about: text.about,
  none: [text.none, text.noneHint],
  states: named(text.states),
  filters: [{ name: "duty", label: text.duty, options: named(text.duties) }],
  list: async (api, { owner, order: _, ...wanted }, paging) => {
    // The list goes by the person who has the duty.
    const query = { ...wanted, ...(owner ? { person: owner } : {}), ...paging } as never;
    const page = await answer(api.GET("/api/v1/assignments", { params: { query } }));
    return { entries: page.assignments, next_token: page.next_token };
  },
  one: (api, id) =>
    edition(api.GET("/api/v1/assignments/{assignment_id}", { params: { path: { assignment_id: id } } })),
  entryOf: (view) => view,
  inShort: (view) => `${view.person}: ${text.duties[view.duty]}`,
  Add: Assign,
  Body,
  also: (view) => (view.closed_at ? [] : [{ name: "trainings", title: text.rest, asks: [] }]),
  steps: {
    accept: {
      route: "POST /api/v1/assignments/{assignment_id}/accept",
      label: () => text.accept,
      about: (view) => `${text.acceptAbout} ${text.onlyThePerson(view.person)}`,
      tone: "primary",
      send: (api, { view, headers }) =>
        api.POST("/api/v1/assignments/{assignment_id}/accept", { params: at(view), headers }),
      told: text.accepted,
    },
    trainings: {
      route: "PUT /api/v1/assignments/{assignment_id}/trainings",
      about: () => text.restAbout,
      fields: (view) => (
        <LongField
          name="trainings"
          label={text.trainings}
          hint={text.trainingsHint}
          rows={3}
          value={(view.trainings ?? []).join("\n")}
        />
      ),
      place: toField,
      send: (api, { view, values, headers }) =>
        api.PUT("/api/v1/assignments/{assignment_id}/trainings", {
          params: at(view),
          body: { trainings: lines(values["trainings"]) },
          headers,
        }),
      told: text.rested,
    },
    end: {
      route: "POST /api/v1/assignments/{assignment_id}/end",
      label: () => text.end,
      about: () => text.endAbout,
      tone: "danger",
      fields: () => <LongField name="reason" label={text.reason} required rows={2} />,
      send: (api, { view, values: { reason = "" }, headers }) =>
        api.POST("/api/v1/assignments/{assignment_id}/end", { params: at(view), body: { reason }, headers }),
      told: text.ended,
    },
  },
};

function Assign(): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/assignments"
      label={text.add}
      about={text.addAbout}
      tone="primary"
      otherwise="explain"
      told={({ person = "" }) => text.added(person)}
      touches={TOUCHED}
      done={toEntry("assignments")}
      place={toField}
      send={(values, headers) =>
        api.POST("/api/v1/assignments", {
          body: {
            person: values["person"] ?? "",
            duty: (values["duty"] ?? "other") as Schemas["AssignedDuty"],
            owner: values["owner"] ?? "",
            model_ids: lines(values["model_ids"]),
            authority: values["authority"] ?? "",
            competence: values["competence"] ?? "",
            trainings: lines(values["trainings"]),
          },
          headers,
        })
      }
    >
      <TextField name="person" label={text.person} hint={text.personHint} required />
      <ChoiceField name="duty" label={text.duty} required options={named(text.duties)} />
      <ModelsField name="model_ids" label={text.models} />
      <TextField name="owner" label={text.owner} hint={text.ownerHint} required />
      <LongField name="authority" label={text.authority} hint={text.authorityHint} rows={2} />
      <LongField name="competence" label={text.competence} rows={2} />
      <LongField name="trainings" label={text.trainings} hint={text.trainingsHint} rows={2} />
    </Action>
  );
}

function Body({ view }: BodyProps<Assignment>): ReactNode {
  return (
    <Facts
      facts={[
        [text.person, view.person],
        [text.duty, text.duties[view.duty]],
        [text.acceptedAt, view.accepted_at ? <Time at={view.accepted_at} key="accepted" /> : null],
        [text.authority, view.authority],
        [text.competence, view.competence],
        [
          text.trainings,
          view.trainings?.length ? (
            <ul key="trainings">
              {view.trainings.map((id) => (
                <li key={id}>
                  <a href={address(["registers", "trainings", id])}>{id}</a>
                </li>
              ))}
            </ul>
          ) : null,
        ],
        ...(view.trainings?.length
          ? ([[text.trainedUntil, view.trained_until ? day(view.trained_until) : text.untrained]] as const)
          : []),
        ...(view.ended_because ? ([[text.reason, view.ended_because]] as const) : []),
      ]}
    />
  );
}
