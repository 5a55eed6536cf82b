/** One trouble as a person needs it: which model, what, by how much, since when, and what to do. */

import type { Alert } from "../../api/reads";
import { badge } from "../../components/state";
import { since, time, windowName } from "../../components/time";
import { type Child, h } from "../../dom";
import { counts, measure, NONE, setting } from "../../format";
import { address } from "../../router";
import { concern, measureName, word } from "../../words";

export const SEVERITIES = ["critical", "high", "medium", "low", "none"] as const;

/** What is open and worst comes first; among equals, what is newest. */
export function byUrgency(one: Alert, other: Alert): number {
  const open = Number(other.state === "open") - Number(one.state === "open");
  if (open !== 0) return open;
  const severity = SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity);
  return severity !== 0 ? severity : other.last_seen.localeCompare(one.last_seen);
}

/** Where the model's page shows what the alert is about. */
export function alertAddress(alert: Alert): string {
  const section = alert.concern === "audit" || alert.concern === "registry" ? "activity" : alert.concern;
  const subject = alert.concern === "drift" ? { feature: alert.subject } : {};
  return address(["models", alert.model_id], { section, ...subject });
}

export interface TroubleOptions {
  /** Whether to name the model: not on its own page. */
  readonly named: boolean;
  /** The level of its heading in the page it stands on. */
  readonly level?: "h2" | "h3";
  readonly actions?: (alert: Alert) => Child;
}

export function trouble(alert: Alert, options: TroubleOptions): HTMLElement {
  const severity = word(alert.severity);
  const resolved = alert.state === "resolved";
  return h(
    "li",
    { class: `trouble ${resolved ? "good" : severity.tone}` },
    h(
      "div",
      { class: "words" },
      h(
        "p",
        { class: "about" },
        badge(resolved ? word("resolved") : severity),
        alert.state === "acknowledged" ? badge(word("acknowledged")) : null,
        options.named ? h("a", { href: address(["models", alert.model_id]) }, alert.model_name) : null,
        h("span", {}, concern(alert.concern)),
        h("span", {}, lasting(alert)),
      ),
      h(options.level ?? "h3", { class: "what" }, h("a", { href: alertAddress(alert) }, alert.title)),
      h("p", { class: "quiet" }, alert.reason),
      resolved ? null : h("p", { class: "todo" }, h("b", {}, "What to do: "), alert.remedy),
      acknowledgement(alert),
    ),
    figure(alert),
    options.actions ? h("div", { class: "actions" }, options.actions(alert)) : null,
  );
}

function lasting(alert: Alert): Child {
  const seen = counts(alert.windows_seen, "window");
  if (alert.state === "resolved") return ["last seen in data up to ", time(alert.last_seen)];
  const first = alert.windows.find((window) => window.start === alert.first_seen);
  return ["since ", first ? windowName(first) : time(alert.first_seen), ` (${seen})`];
}

function acknowledgement(alert: Alert): Child {
  if (!alert.acknowledged_by) return null;
  const note = alert.note ? `: “${alert.note}”` : "";
  return h(
    "p",
    { class: "quiet" },
    `Seen by ${alert.acknowledged_by} `,
    alert.acknowledged_at ? since(alert.acknowledged_at) : null,
    note,
  );
}

function figure(alert: Alert): Child {
  if (alert.value === null) return null;
  const shown = measure(alert.value);
  if (shown === NONE) return null;
  return h(
    "p",
    { class: "figure" },
    h("span", { class: "big" }, shown),
    h("small", {}, measureName(alert.measure)),
    alert.threshold === null ? null : h("small", {}, `threshold ${setting(alert.threshold)}`),
  );
}
