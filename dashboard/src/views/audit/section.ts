/** Activity: what happened to a model, newest first, as the audit trail keeps it. */

import type { AuditEntry, LoggedEntry } from "../../api/reads";
import { empty } from "../../components/panel";
import { time } from "../../components/time";
import { type Child, h } from "../../dom";
import { counts, list, measure, parseWindowKey, sentenceCase, span, words } from "../../format";

export function activitySection(entries: readonly LoggedEntry[]): Child {
  if (entries.length === 0) {
    return empty("Nothing has happened yet.", "Every check, change and decision about this model will be listed here.");
  }
  const rest = entries.slice(FIRST);
  return [
    h("ol", { class: "activity" }, entries.slice(0, FIRST).map(row)),
    rest.length
      ? h(
          "details",
          {},
          h("summary", {}, `${counts(rest.length, "earlier entry", "earlier entries")}`),
          h("ol", { class: "activity" }, rest.map(row)),
        )
      : null,
  ];
}

const FIRST = 12;

function row(logged: LoggedEntry): HTMLElement {
  const { entry } = logged;
  return h(
    "li",
    {},
    h("span", { class: "quiet" }, time(entry.at)),
    h(
      "div",
      {},
      h("p", {}, h("b", {}, sentenceCase(words(entry.action))), h("span", { class: "quiet" }, ` by ${entry.actor}`)),
      details(entry),
      h(
        "p",
        { class: "quiet" },
        h("code", { title: `hash ${logged.hash}` }, `entry ${logged.index} · ${logged.hash.slice(0, 12)}`),
      ),
    ),
  );
}

/** Addresses of records and hashes are for machines; the trail itself holds them. */
const FOR_MACHINES = /sha256|_id$|^(alert|finding|report|revision)$/;

function details(entry: AuditEntry): Child {
  const facts = Object.entries(entry.details ?? {}).flatMap(([name, value]) => {
    if (FOR_MACHINES.test(name)) return [];
    const text = name === "verdict" ? words(String(value)) : fact(value);
    return text === null ? [] : [`${words(name)}: ${text}`];
  });
  return facts.length ? h("p", { class: "quiet" }, facts.join(" · ")) : null;
}

function fact(value: unknown): string | null {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : measure(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return list(value) || "none";
  if (typeof value !== "string" || value.length > 120) return null;
  const window = parseWindowKey(value);
  return window ? span(window) : value;
}
