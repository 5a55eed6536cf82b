/** Who took which training, and whether it counts today. */

import type { ReactNode } from "react";
import { answer, edition } from "../../../api/client";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Badge } from "../../../components/state";
import { day } from "../../../format";
import { Action } from "../../../forms/action";
import { ChoiceField, LongField, TextField } from "../../../forms/fields";
import { trainings as text } from "../../../strings/people";
import { Facts } from "../fields";
import { given, named } from "../filled";
import { toEntry } from "../opened";
import { type BodyProps, type Register, TOUCHED } from "../register";

type Schemas = components["schemas"];
type Training = Schemas["TrainingView"];

export const TRAININGS: Register<Training> = {
  name: "trainings",
  kind: "training",
  title: text.title,
  about: text.about,
  none: [text.none, text.noneHint],
  states: named(text.states),
  filters: [{ name: "subject", label: text.subject, options: named(text.subjects) }],
  list: async (api, { owner, order: _, model_id: __, ...wanted }, paging) => {
    // The list goes by the person who was trained.
    const query = { ...wanted, ...(owner ? { person: owner } : {}), ...paging } as never;
    const page = await answer(api.GET("/api/v1/trainings", { params: { query } }));
    return { entries: page.trainings, next_token: page.next_token };
  },
  counts: (api) => answer(api.GET("/api/v1/trainings/counts")),
  one: (api, id) => edition(api.GET("/api/v1/trainings/{training_id}", { params: { path: { training_id: id } } })),
  entryOf: (view) => view,
  inShort: (view) => `${view.person}: ${text.subjects[view.subject]}`,
  Add: AddTraining,
  Body,
  steps: {
    end: {
      route: "POST /api/v1/trainings/{training_id}/end",
      label: () => text.end,
      about: () => text.endAbout,
      tone: "danger",
      fields: () => <LongField name="reason" label={text.reason} required rows={2} />,
      send: (api, { view, values: { reason = "" }, headers }) =>
        api.POST("/api/v1/trainings/{training_id}/end", {
          params: { path: { training_id: view.id } },
          body: { reason },
          headers,
        }),
      told: text.ended,
    },
  },
};

function AddTraining(): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/trainings"
      label={text.add}
      about={text.addAbout}
      tone="primary"
      otherwise="explain"
      told={({ person = "" }) => text.added(person)}
      touches={TOUCHED}
      done={toEntry("trainings")}
      send={(values, headers) =>
        api.POST("/api/v1/trainings", {
          body: {
            ...given(values, ["valid_until"]),
            title: values["title"] ?? "",
            person: values["person"] ?? "",
            subject: (values["subject"] ?? "other") as Schemas["TrainingSubject"],
            role: values["role"] ?? "",
            completed_on: values["completed_on"] ?? "",
            provider: values["provider"] ?? "",
            contents: values["contents"] ?? "",
          },
          headers,
        })
      }
    >
      <TextField name="title" label={text.name} required />
      <TextField name="person" label={text.person} hint={text.personHint} required />
      <ChoiceField name="subject" label={text.subject} required options={named(text.subjects)} />
      <TextField name="role" label={text.role} hint={text.roleHint} required />
      <TextField name="completed_on" label={text.completed} type="date" required />
      <TextField name="valid_until" label={text.until} hint={text.untilHint} type="date" />
      <TextField name="provider" label={text.provider} />
      <LongField name="contents" label={text.contents} rows={2} />
    </Action>
  );
}

function Body({ view }: BodyProps<Training>): ReactNode {
  return (
    <Facts
      facts={[
        [
          text.now,
          <Badge
            key="now"
            word={view.counts ? { tone: "good", text: text.counts } : { tone: "warn", text: text.countsNot }}
          />,
        ],
        [text.person, view.person],
        [text.subject, text.subjects[view.subject]],
        [text.role, view.role],
        [text.completed, day(view.completed_on)],
        [text.until, day(view.valid_until)],
        [text.provider, view.provider],
        [text.contents, view.contents],
        [text.certificate, view.certificate_sha256],
        ...(view.ended_because ? ([[text.reason, view.ended_because]] as const) : []),
      ]}
    />
  );
}
