/** Incidents: what went wrong, with the clocks of Art. 73 of the AI Act and Art. 33 and 34 of the GDPR. */

import { answer, edition } from "../../../api/client";
import { incidents as text } from "../../../strings/incidents";
import { options } from "../fields";
import { optionsOf } from "../list";
import type { Register } from "../register";
import { IncidentBody } from "./body";
import { OpenIncident } from "./open";
import { INCIDENT_STEPS } from "./steps";
import type { IncidentQuery, IncidentView } from "./types";

export const incidents: Register<IncidentView> = {
  name: "incidents",
  kind: "incident",
  title: text.title,
  about: text.about,
  none: [text.none, text.noneHint],
  states: optionsOf(["assessing", "reportable", "investigating", "closed"]),
  filters: [{ name: "source", label: text.source, options: options(Object.keys(text.sources), text.sources) }],
  list: async (api, wanted, paging) => {
    const query = { ...wanted, ...paging } as IncidentQuery;
    const page = await answer(api.GET("/api/v1/incidents", { params: { query } }));
    return { entries: page.incidents, next_token: page.next_token };
  },
  counts: (api) => answer(api.GET("/api/v1/incidents/counts")),
  one: (api, id) => edition(api.GET("/api/v1/incidents/{incident_id}", { params: { path: { incident_id: id } } })),
  entryOf: (view) => view,
  inShort: (view) => text.sources[view.source],
  Add: OpenIncident,
  Body: IncidentBody,
  steps: INCIDENT_STEPS,
  also: (view) => (view.closed_at ? [] : [{ name: "change", title: text.change }]),
};
