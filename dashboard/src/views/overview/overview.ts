/** What needs attention now, how many models are in which state, and every model in one table. */

import type { Alert, Checked, Model, Overview, Standing } from "../../api/reads";
import type { App, View } from "../../app";
import { unreached } from "../../components/mirrored";
import { empty, panel } from "../../components/panel";
import { tally } from "../../components/state";
import { since } from "../../components/time";
import { type Child, h } from "../../dom";
import { counts } from "../../format";
import { address } from "../../router";
import { grouped, trouble } from "../alerting/trouble";
import { STATES as REQUIREMENT_STATES } from "../compliance/section";
import { unchecked } from "../model/unchecked";
import { modelTable } from "./table";

const TROUBLES_SHOWN = 6;

export function overviewView(app: App): View {
  const body = panel("the state of your models", app.reads.overview, show);
  return { title: "Overview", element: body.element, load: body.load };
}

function show(overview: Overview): Child {
  const open = overview.alerts.filter((alert) => alert.state !== "resolved");
  return [
    unavailable(overview),
    unreached(overview.mirror),
    h("div", { class: "lead" }, h("h1", {}, headline(overview, open)), meta(overview)),
    overview.rows.length === 0 ? noModels() : attention(open, overview.rows),
    overview.rows.length === 0 ? null : states(overview),
    overview.rows.length === 0 ? null : modelTable(overview),
    overview.more ? h("p", { class: "quiet" }, `Only the first ${overview.rows.length} models are shown.`) : null,
  ];
}

export function headline(overview: Pick<Overview, "rows">, open: readonly Alert[]): string {
  const models = overview.rows.length;
  if (models === 0) return "No model is under governance yet";
  const troubled = new Set(open.map((alert) => alert.model_id)).size;
  const never = overview.rows.filter((row) => row.checkedAt === null).length;
  if (troubled > 0) {
    const rest = never > 0 ? `; ${never} not checked yet` : "";
    return `${troubled} of ${counts(models, "model")} ${troubled === 1 ? "needs" : "need"} attention${rest}`;
  }
  if (never === models)
    return models === 1 ? "Your model has not been checked yet" : "Your models have not been checked yet";
  if (never > 0) return `Nothing known needs attention; ${counts(never, "model")} of ${models} not checked yet`;
  return models === 1 ? "Your model needs no attention now" : `None of your ${models} models needs attention now`;
}

function meta(overview: Overview): Child {
  const checked = overview.rows
    .map((row) => row.checkedAt)
    .filter((at) => at !== null)
    .sort()
    .at(-1);
  return checked ? h("p", { class: "meta" }, h("span", {}, "Last check ", since(checked))) : null;
}

function unavailable(overview: Overview): Child {
  return Object.entries(overview.unavailable).map(([source, reason]) =>
    h(
      "div",
      { class: "notice warn", role: "status" },
      h(
        "p",
        {},
        h("b", {}, `${source} is unavailable. `),
        `Its models are shown as they were last seen; there may be others. Reason: ${reason}`,
      ),
    ),
  );
}

function noModels(): HTMLElement {
  return empty(
    "Discovery has found no endpoint so far.",
    "Every SageMaker and Azure ML endpoint that discovery may read is registered at its next run. Data capture must be on for its traffic to be checked.",
  );
}

function attention(open: readonly Alert[], rows: readonly Standing[]): HTMLElement {
  const groups = grouped(open);
  const shown = groups.slice(0, TROUBLES_SHOWN);
  return h(
    "section",
    { class: "stack", "aria-labelledby": "attention" },
    h("h2", { id: "attention" }, "What needs attention now"),
    open.length === 0
      ? empty(
          "Nothing.",
          "No check has an open finding. A model that could not be judged is marked in the table below; its page says why.",
        )
      : h(
          "ul",
          { class: "troubles" },
          shown.map((group) => trouble(group, { named: true })),
        ),
    groups.length > shown.length
      ? h("p", {}, h("a", { href: address(["alerts"]) }, `All ${open.length} alerts that are not resolved`))
      : null,
    neverChecked(rows.filter((row) => row.checkedAt === null).map((row) => row.model)),
  );
}

/** A model that nobody looked at must not hide behind those that were. */
function neverChecked(models: readonly Model[]): Child {
  if (models.length === 0) return null;
  const shown = models.slice(0, TROUBLES_SHOWN);
  const more = models.length - shown.length;
  return h(
    "div",
    { class: "notice off" },
    h(
      "div",
      {},
      h("p", {}, h("b", {}, "Not checked yet")),
      h(
        "ul",
        { class: "stack" },
        shown.map((model) => {
          const { because, remedy } = unchecked(model);
          const name = h("a", { href: address(["models", model.id]) }, model.name);
          return h("li", {}, name, `: ${because}. ${remedy}`);
        }),
        more > 0 ? h("li", {}, `${counts(more, "model")} more in the table below.`) : null,
      ),
    ),
  );
}

const VERDICTS = {
  drift: ["drift", "not_comparable", "not_enough_data", "no_drift"],
  quality: ["faults", "below_level", "issues", "not_comparable", "not_enough_data", "sound"],
  bias: [
    "adverse_impact_indicated",
    "disparity_indicated",
    "inconclusive",
    "difference_under_threshold",
    "not_assessable",
    "no_indication",
  ],
} as const;

function states(overview: Overview): HTMLElement {
  const of = (concern: Checked): Record<string, number> => {
    const found: Record<string, number> = {};
    for (const row of overview.rows) {
      const state = row.checks[concern]?.state ?? "not_checked";
      found[state] = (found[state] ?? 0) + 1;
    }
    return found;
  };
  const requirements: Record<string, number> = {};
  for (const row of overview.rows) {
    for (const [state, number] of Object.entries(row.requirements ?? {})) {
      requirements[state] = (requirements[state] ?? 0) + number;
    }
  }
  return h(
    "section",
    { class: "card", "aria-labelledby": "states" },
    h("h2", { id: "states" }, "By state"),
    h(
      "dl",
      { class: "by-state" },
      line("Drift", "models", of("drift"), VERDICTS.drift),
      line("Data quality", "models", of("quality"), VERDICTS.quality),
      line("Fairness", "models", of("bias"), VERDICTS.bias),
      line("Compliance", "requirements", requirements, REQUIREMENT_STATES),
    ),
  );
}

function line(name: string, unit: string, found: Record<string, number>, order: readonly string[]): Child {
  return h("div", {}, h("dt", {}, name, h("small", { class: "quiet" }, ` ${unit}`)), h("dd", {}, tally(found, order)));
}
