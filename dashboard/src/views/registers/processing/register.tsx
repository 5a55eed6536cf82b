/** The record of processing activities: entered, completed, confirmed by a person, exported. */

import { answer, edition } from "../../../api/client";
import { processing as text } from "../../../strings/processing";
import { named } from "../filled";
import type { Register } from "../register";
import { ProcessingBody } from "./body";
import { ExportRecord } from "./export";
import { AddProcessing, ProcessingFields, processingOf, toContents } from "./fields";
import type { ProcessingKept } from "./types";

const PATH = "/api/v1/processing-records/{processing_id}";
const at = (view: ProcessingKept) => ({ path: { processing_id: view.id } });

export const PROCESSING: Register<ProcessingKept> = {
  name: "processing",
  kind: "processing",
  title: text.title,
  about: text.about,
  none: [text.none, text.noneHint],
  states: named(text.states),
  filters: [{ name: "role", label: text.role, options: named(text.roles) }],
  list: async (api, wanted, paging) => {
    const query = { ...wanted, ...paging } as never;
    const page = await answer(api.GET("/api/v1/processing-records", { params: { query } }));
    return { entries: page.records, next_token: page.next_token };
  },
  counts: (api) => answer(api.GET("/api/v1/processing-records/counts")),
  one: (api, id) => edition(api.GET(PATH, { params: { path: { processing_id: id } } })),
  entryOf: (view) => view,
  inShort: ({ missing }) => (missing.length ? text.missingOf(missing.length) : text.whole),
  Add: AddProcessing,
  Above: ExportRecord,
  Body: ProcessingBody,
  also: (view) => (view.closed_at ? [] : [{ name: "change", title: text.change, asks: [] }]),
  steps: {
    change: {
      route: "PATCH /api/v1/processing-records/{processing_id}",
      fields: (view) => <ProcessingFields of={view} />,
      wide: true,
      place: toContents,
      send: (api, { view, values, headers }) =>
        api.PATCH(PATH, { params: at(view), body: processingOf(values), headers }),
      told: text.changed,
    },
    confirm: {
      route: "POST /api/v1/processing-records/{processing_id}/confirm",
      label: () => text.confirm,
      about: () => text.confirmAbout,
      tone: "primary",
      send: (api, { view, headers }) => api.POST(`${PATH}/confirm`, { params: at(view), headers }),
      told: text.confirmed,
    },
    retire: {
      route: "POST /api/v1/processing-records/{processing_id}/retire",
      label: () => text.retire,
      about: () => text.retireAbout,
      tone: "danger",
      send: (api, { view, headers }) => api.POST(`${PATH}/retire`, { params: at(view), headers }),
      told: text.retired,
    },
  },
};
