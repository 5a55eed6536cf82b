/** AI systems that are no endpoint: what they are, what is judged of them, and what is missing. */

import { answer, edition } from "../../../api/client";
import type { components } from "../../../api/schema";
import { systems as text } from "../../../strings/systems";
import { NO_COUNTS, named, toField } from "../filled";
import { NextReview } from "../pieces";
import type { Register } from "../register";
import { SystemBody } from "./body";
import { AddSystem, SystemFields, systemOf } from "./fields";

type Schemas = components["schemas"];

/** The list has the entry alone; an entry has what is judged of it too. */
export type SystemKept = Schemas["ListedSystem"] & Partial<Omit<Schemas["SystemView"], "entry" | "standing">>;

const PATH = "/api/v1/systems/{system_id}";
const at = (view: SystemKept) => ({ path: { system_id: view.entry.id } });

export const SYSTEMS: Register<SystemKept> = {
  name: "systems",
  kind: "system",
  title: text.title,
  about: text.about,
  none: [text.none, text.noneHint],
  states: named(text.states),
  filters: [{ name: "origin", label: text.origin, options: named(text.origins) }],
  list: async (api, { model_id: model, ...wanted }, paging) => {
    const query = { ...wanted, ...(model ? { model } : {}), ...paging } as never;
    const page = await answer(api.GET("/api/v1/systems", { params: { query } }));
    return { entries: page.systems, next_token: page.next_token };
  },
  counts: async (api) =>
    (await answer(api.GET("/api/v1/systems", { params: { query: { limit: 1 } } }))).counts ?? NO_COUNTS,
  one: (api, id) => edition(api.GET(PATH, { params: { path: { system_id: id } } })),
  entryOf: (view) => view.entry,
  inShort: ({ entry }) => [text.origins[entry.origin], entry.supplier].filter(Boolean).join(", "),
  Add: AddSystem,
  Body: SystemBody,
  steps: {
    change: {
      route: "PATCH /api/v1/systems/{system_id}",
      label: () => text.change,
      about: () => text.retiring,
      fields: (view) => <SystemFields of={view} />,
      place: toField,
      send: (api, { view, values, headers }) => api.PATCH(PATH, { params: at(view), body: systemOf(values), headers }),
      told: text.changed,
    },
    review: {
      route: "POST /api/v1/systems/{system_id}/review",
      label: () => text.reviewIt,
      about: () => text.reviewAbout,
      fields: () => <NextReview />,
      send: (api, { view, values: { next_review = "" }, headers }) =>
        api.POST(`${PATH}/review`, { params: at(view), body: { next_review }, headers }),
      told: text.reviewed,
    },
  },
};
