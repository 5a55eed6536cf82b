/** Vendors: who supplies what, under which agreements, and what of each is still missing. */

import { answer, edition } from "../../../api/client";
import type { components } from "../../../api/schema";
import { list as listed } from "../../../format";
import { vendors as text } from "../../../strings/vendors";
import { NO_COUNTS, named, toField } from "../filled";
import { NextReview } from "../pieces";
import type { Register } from "../register";
import { AddVendor } from "./add";
import { VendorBody } from "./body";
import { AgreementFields, agreementOf, newVendor, QuestionFields, repliesOf, VendorFields } from "./fields";

type Schemas = components["schemas"];

/** The list has no questionnaire; an entry has. */
export type VendorKept = Schemas["ListedVendor"] & Partial<Pick<Schemas["VendorView"], "findings" | "questions">>;

const PATH = "/api/v1/vendors/{vendor_id}";
const at = (view: VendorKept) => ({ path: { vendor_id: view.entry.id } });

export const VENDORS: Register<VendorKept> = {
  name: "vendors",
  kind: "vendor",
  title: text.title,
  about: text.about,
  none: [text.none, text.noneHint],
  states: named(text.states),
  filters: [{ name: "supplies", label: text.supplies, options: named(text.supplyNames) }],
  list: async (api, { model_id: model, ...wanted }, paging) => {
    const query = { ...wanted, ...(model ? { model } : {}), ...paging } as never;
    const page = await answer(api.GET("/api/v1/vendors", { params: { query } }));
    return { entries: page.vendors, next_token: page.next_token };
  },
  counts: async (api) =>
    (await answer(api.GET("/api/v1/vendors", { params: { query: { limit: 1 } } }))).counts ?? NO_COUNTS,
  one: (api, id) => edition(api.GET(PATH, { params: { path: { vendor_id: id } } })),
  entryOf: (view) => view.entry,
  inShort: (view) => (view.missing.length ? text.missingOf(view.missing.length) : listed(suppliesOf(view.entry), 3)),
  Add: AddVendor,
  Body: VendorBody,
  steps: {
    agreement: {
      route: "POST /api/v1/vendors/{vendor_id}/agreements",
      label: () => text.agreement,
      about: () => text.agreementAbout,
      fields: () => <AgreementFields />,
      wide: true,
      place: toField,
      send: (api, { view, values, headers }) =>
        api.POST(`${PATH}/agreements`, { params: at(view), body: agreementOf(values), headers }),
      told: text.recorded,
    },
    questionnaire: {
      route: "PUT /api/v1/vendors/{vendor_id}/questionnaire",
      label: () => text.answer,
      about: () => text.questionnaireAbout,
      fields: (view) => <QuestionFields questions={view.questions ?? []} answers={view.entry.answers} />,
      wide: true,
      send: (api, { view, values, headers }) =>
        api.PUT(`${PATH}/questionnaire`, {
          params: at(view),
          body: { answers: repliesOf(view.questions ?? [], values) as never },
          headers,
        }),
      told: text.answered,
    },
    review: {
      route: "POST /api/v1/vendors/{vendor_id}/review",
      label: () => text.reviewIt,
      about: () => text.reviewAbout,
      fields: () => <NextReview />,
      send: (api, { view, values: { next_review = "" }, headers }) =>
        api.POST(`${PATH}/review`, { params: at(view), body: { next_review }, headers }),
      told: text.reviewed,
    },
    change: {
      route: "PATCH /api/v1/vendors/{vendor_id}",
      label: () => text.change,
      fields: (view) => <VendorFields of={view.entry} />,
      place: toField,
      send: (api, { view, values, headers }) => api.PATCH(PATH, { params: at(view), body: newVendor(values), headers }),
      told: text.changed,
    },
  },
};

export function suppliesOf(entry: Schemas["Vendor"]): string[] {
  return (entry.supplies ?? []).map((one) => text.supplyNames[one]);
}
