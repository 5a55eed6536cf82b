/** Every model: its state per concern, its owner, where it runs, and how old what we know is. */

import type { Checked, Overview, Standing } from "../../api/reads";
import { mirrored } from "../../components/mirrored";
import { badge, stateBadge } from "../../components/state";
import { since, windowName } from "../../components/time";
import { type Child, h } from "../../dom";
import { address } from "../../router";
import { cloud, urgency, word } from "../../words";
import { STATES } from "../compliance/section";

export function modelTable(overview: Overview): HTMLElement {
  const open = new Map<string, number>();
  for (const alert of overview.alerts) {
    if (alert.state !== "resolved") open.set(alert.model_id, (open.get(alert.model_id) ?? 0) + 1);
  }
  const rows = [...overview.rows].sort(
    (one, other) => rank(one) - rank(other) || one.model.name.localeCompare(other.model.name),
  );
  return h(
    "section",
    { class: "card", "aria-labelledby": "models" },
    h("h2", { id: "models" }, "Models"),
    h(
      "div",
      { class: "scroll", role: "region", "aria-label": "Table of models", tabindex: 0 },
      h(
        "table",
        { class: "cards models" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["Model", "Alerts", "Drift", "Data quality", "Fairness", "Compliance", "Checked", "Newest data"].map(
              (name) => h("th", { scope: "col" }, name),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          rows.map((row) => modelRow(row, open.get(row.model.id) ?? 0)),
        ),
      ),
    ),
  );
}

function rank(row: Standing): number {
  return Math.min(
    ...[row.checks.drift, row.checks.quality, row.checks.bias].map((state) => urgency(word(state?.state).tone)),
  );
}

function modelRow(row: Standing, alerts: number): HTMLElement {
  const { model } = row;
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h("a", { href: address(["models", model.id]) }, model.name),
      h("span", { class: "reason" }, model.owner ?? "no owner: nobody is told"),
      mirrored(row) ?? h("span", { class: "reason" }, cloud(model.cloud)),
      presence(row),
    ),
    h(
      "td",
      { "data-label": "Alerts" },
      alerts === 0
        ? h("span", { class: "quiet" }, "none")
        : h(
            "a",
            { href: address(["models", model.id], { section: "alerts" }) },
            h("span", { class: "nowrap" }, `${alerts} open`),
          ),
    ),
    h("td", { "data-label": "Drift" }, state(row, "drift")),
    h("td", { "data-label": "Data quality" }, state(row, "quality")),
    h("td", { "data-label": "Fairness" }, state(row, "bias")),
    h("td", { "data-label": "Compliance" }, compliance(row)),
    h("td", { "data-label": "Checked" }, row.checkedAt ? since(row.checkedAt) : h("span", { class: "quiet" }, "never")),
    h(
      "td",
      { "data-label": "Newest data" },
      row.newest
        ? h("div", {}, windowName(row.newest), h("span", { class: "reason" }, "ended ", since(row.newest.end)))
        : h("span", { class: "quiet" }, "no data"),
    ),
  );
}

/** A model that discovery no longer sees, or could not look for, must not pass as watched. */
function presence(row: Standing): Child {
  if (row.model.presence === "gone") return badge({ tone: "off", text: "endpoint is gone" });
  if (row.model.presence === "unknown") return badge({ tone: "warn", text: "source unavailable" });
  return null;
}

/** The verdict, leading to what it rests on. What was not checked has nothing to lead to. */
function state(row: Standing, concern: Checked): HTMLElement {
  const found = row.checks[concern];
  if (found === null) return stateBadge(null);
  const old = found.expired ? badge({ tone: "warn", text: "evidence expired" }) : null;
  const href = address(["models", row.model.id], { section: concern });
  return h("a", { class: "to-badge", href, title: found.summary }, stateBadge(found.state), old);
}

/** The most urgent state with its number; the link leads to the requirements behind it. */
function compliance(row: Standing): HTMLElement {
  if (row.requirements === null) return stateBadge(null);
  const found = row.requirements;
  const first = STATES.find((name) => (found[name] ?? 0) > 0);
  if (!first) return stateBadge(null);
  const what = word(first);
  return h(
    "a",
    { class: "to-badge", href: address(["models", row.model.id], { section: "compliance" }) },
    badge({ tone: what.tone, text: `${found[first]} ${what.text}` }),
  );
}
