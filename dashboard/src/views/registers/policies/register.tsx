/** Policies: put in force by hash and place, reviewed, read by those who have to. */

import { answer, edition } from "../../../api/client";
import { LongField, TextField } from "../../../forms/fields";
import { policies as text } from "../../../strings/policies";
import { lines, named, toField } from "../filled";
import { FileHash } from "../hashed";
import type { Register } from "../register";
import { BeginPolicy } from "./begin";
import { PolicyBody } from "./body";
import type { PolicyKept } from "./types";

const PATH = "/api/v1/policy-documents/{policy_id}";
const at = (view: PolicyKept) => ({ path: { policy_id: view.id } });

export const POLICIES: Register<PolicyKept> = {
  name: "policies",
  kind: "policy_document",
  title: text.title,
  about: text.about,
  none: [text.none, text.noneHint],
  states: named(text.states),
  list: async (api, { order: _, model_id: __, ...wanted }, paging) => {
    const query = { ...wanted, ...paging } as never;
    const page = await answer(api.GET("/api/v1/policy-documents", { params: { query } }));
    return { entries: page.policies, next_token: page.next_token };
  },
  one: (api, id) => edition(api.GET(PATH, { params: { path: { policy_id: id } } })),
  entryOf: (view) => view,
  inShort: (view) => {
    const all = view.readers?.length ?? 0;
    return all ? text.readBy(all - (view.outstanding_readers?.length ?? 0), all) : text.nobodyReads;
  },
  Add: BeginPolicy,
  Body: PolicyBody,
  also: (view) => (view.closed_at ? [] : [{ name: "readers", title: text.setReaders, asks: [] }]),
  steps: {
    put_in_force: {
      route: "PUT /api/v1/policy-documents/{policy_id}/text",
      label: () => text.putInForce,
      about: () => text.putAbout,
      fields: (view) => (
        <>
          <FileHash name="sha256" label={text.sha256} hint={text.sha256Hint} />
          <TextField name="location" label={text.location} required value={view.location ?? ""} />
          <TextField name="version" label={text.version} required value={view.state === "draft" ? "1" : ""} />
        </>
      ),
      send: (api, { view, values: { sha256 = "", location = "", version = "" }, headers }) =>
        api.PUT(`${PATH}/text`, {
          params: at(view),
          body: { sha256: sha256.toLowerCase(), location, version },
          headers,
        }),
      told: text.put,
    },
    acknowledge: {
      route: "POST /api/v1/policy-documents/{policy_id}/acknowledge",
      label: () => text.acknowledge,
      about: (view) => text.acknowledgeAbout(view.version ?? "1", view.location ?? ""),
      tone: "primary",
      send: (api, { view, headers }) =>
        api.POST(`${PATH}/acknowledge`, { params: at(view), body: { sha256: view.sha256 ?? "" }, headers }),
      told: text.acknowledged,
    },
    review: {
      route: "POST /api/v1/policy-documents/{policy_id}/review",
      label: () => text.review,
      about: () => text.reviewAbout,
      send: (api, { view, headers }) => api.POST(`${PATH}/review`, { params: at(view), headers }),
      told: text.reviewed,
    },
    readers: {
      route: "PUT /api/v1/policy-documents/{policy_id}/readers",
      fields: (view) => (
        <LongField
          name="readers"
          label={text.readers}
          hint={text.readersHint}
          rows={6}
          value={(view.readers ?? []).join("\n")}
        />
      ),
      place: toField,
      send: (api, { view, values, headers }) =>
        api.PUT(`${PATH}/readers`, { params: at(view), body: { readers: lines(values["readers"]) }, headers }),
      told: text.readersSet,
    },
    retire: {
      route: "POST /api/v1/policy-documents/{policy_id}/retire",
      label: (view) => (view.state === "draft" ? text.giveUp : text.retire),
      about: () => text.retireAbout,
      tone: "danger",
      send: (api, { view, headers }) => api.POST(`${PATH}/retire`, { params: at(view), headers }),
      told: text.retired,
    },
  },
};
