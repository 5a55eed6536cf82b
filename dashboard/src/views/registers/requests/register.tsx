/** Requests of persons: Art. 15 to 22 and 7(3) of the GDPR, Art. 86 of the AI Act. */

import { answer, edition } from "../../../api/client";
import { requests as text } from "../../../strings/requests";
import { options } from "../fields";
import { optionsOf } from "../list";
import type { Register } from "../register";
import { RequestBody } from "./body";
import { ReceiveRequest } from "./receive";
import { REQUEST_STEPS } from "./steps";
import type { RequestQuery, RequestView } from "./types";

const OVER: readonly string[] = ["answered", "withdrawn"];

export const requests: Register<RequestView> = {
  name: "requests",
  kind: "request",
  title: text.title,
  about: text.about,
  none: [text.none, text.noneHint],
  states: optionsOf(["received", "identity_asked", "in_progress", "answered", "withdrawn"]),
  filters: [{ name: "right", label: text.right, options: options(Object.keys(text.rights), text.rights) }],
  list: async (api, wanted, paging) => {
    const query = { ...wanted, ...paging } as RequestQuery;
    const page = await answer(api.GET("/api/v1/requests", { params: { query } }));
    return { entries: page.requests, next_token: page.next_token };
  },
  counts: (api) => answer(api.GET("/api/v1/requests/counts")),
  one: (api, id) =>
    edition(api.GET("/api/v1/requests/{person_request_id}", { params: { path: { person_request_id: id } } })),
  entryOf: (view) => view,
  inShort: (view) => `${text.rights[view.right]} · ${text.identities[view.identity ?? "not_checked"].toLowerCase()}`,
  Add: ReceiveRequest,
  Body: RequestBody,
  steps: REQUEST_STEPS,
  also: (view) =>
    OVER.includes(view.state ?? "")
      ? []
      : [
          { name: "refuse", title: text.refuseTitle },
          { name: "change", title: text.change },
        ],
};
