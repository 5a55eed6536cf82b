/** Risks: Art. 9 of the AI Act, with the decision on what is left of each. */

import { answer, edition } from "../../../api/client";
import { risks as text } from "../../../strings/risks";
import { options } from "../fields";
import { optionsOf } from "../list";
import type { Register } from "../register";
import { AddRisk } from "./add";
import { RiskBody } from "./body";
import { RISK_STEPS } from "./steps";
import { RiskTable } from "./table";
import { RATINGS, type RiskQuery, type RiskView } from "./types";

export const risks: Register<RiskView> = {
  name: "risks",
  kind: "risk",
  title: text.title,
  about: text.about,
  none: [text.none, text.noneHint],
  states: optionsOf(["identified", "assessed", "treated", "accepted", "closed"]),
  filters: [
    { name: "kind", label: text.kind, options: options(Object.keys(text.kinds), text.kinds) },
    { name: "rating", label: text.rating, options: options(RATINGS, text.ratings) },
  ],
  list: async (api, wanted, paging) => {
    const query = { ...wanted, ...paging } as RiskQuery;
    const page = await answer(api.GET("/api/v1/risks", { params: { query } }));
    return { entries: page.risks, next_token: page.next_token };
  },
  counts: (api) => answer(api.GET("/api/v1/risks/counts")),
  one: (api, id) => edition(api.GET("/api/v1/risks/{risk_id}", { params: { path: { risk_id: id } } })),
  entryOf: (view) => view,
  inShort: (view) =>
    `${text.kinds[view.kind]} · ${view.residual_rating ? text.rated(text.ratings[view.residual_rating]) : text.notYet}`,
  Add: AddRisk,
  Above: RiskTable,
  Body: RiskBody,
  steps: RISK_STEPS,
  also: (view) => (view.closed_at ? [] : [{ name: "change", title: text.change }]),
};
