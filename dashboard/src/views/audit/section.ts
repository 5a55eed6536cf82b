/** Activity: what happened to a model, newest first, as the audit trail keeps it. */

import type { AuditEntry, LoggedEntry } from "../../api/reads";
import { empty } from "../../components/panel";
import { time } from "../../components/time";
import { type Child, h } from "../../dom";
import { measure, sentenceCase, words } from "../../format";

export function activitySection(entries: readonly LoggedEntry[]): Child {
  if (entries.length === 0) {
    return empty("Nothing has happened yet.", "Every check, change and decision about this model will be listed here.");
  }
  return h("ol", { class: "activity" }, entries.map(row));
}

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

const MOST = 6;

/** The short facts of an entry; whole lists and records are in the trail itself. */
function details(entry: AuditEntry): Child {
  const facts = Object.entries(entry.details ?? {}).flatMap(([name, value]) => {
    if (typeof value === "number") return [`${words(name)}: ${Number.isInteger(value) ? value : measure(value)}`];
    if (typeof value === "boolean") return [`${words(name)}: ${value ? "yes" : "no"}`];
    return typeof value === "string" && value.length <= 120 ? [`${words(name)}: ${value}`] : [];
  });
  return facts.length ? h("p", { class: "quiet" }, facts.slice(0, MOST).join(" · ")) : null;
}
