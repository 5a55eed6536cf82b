/** What an entry of the audit trail is about, and what of it people want to read. */

import type { AuditEntry, LoggedEntry } from "../../api/types";
import { list, measure, parseWindowKey, span, words } from "../../format";
import { address } from "../../router";
import { home as text } from "../../strings/home";

export type Kind = Exclude<keyof typeof text.kinds, "all">;

/** The first that fits; everything else changes the record. */
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/\.checked$/, "check"],
  [/^(deployment|rollout|gateway|promotion|stage)\.|^version\.(promoted|rolled_back)$/, "deployment"],
  [/^(approval|condition|policy)\./, "approval"],
  [/^(alert|digest|delivery|silence)\./, "alert"],
  [
    /^(compliance|attestation|document|remediation|report|personal_data)\.|^model\.(classified|risk_decided|status_changed)$/,
    "compliance",
  ],
];

export function kindOf(action: string): Kind {
  return KINDS.find(([pattern]) => pattern.test(action))?.[1] ?? "change";
}

/** Addresses of records and hashes are for machines; the trail itself holds them. */
const FOR_MACHINES = /sha256|_id$|^(alert|finding|report|revision|verdict)$/;

export function facts(entry: AuditEntry): string[] {
  return Object.entries(entry.details ?? {}).flatMap(([name, value]) => {
    const said = FOR_MACHINES.test(name) ? null : fact(value);
    return said === null ? [] : [`${words(name)}: ${said}`];
  });
}

function fact(value: unknown): string | null {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : measure(value);
  if (typeof value === "boolean") return value ? text.yes : text.no;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return list(value) || null;
  if (typeof value !== "string" || value.length > 120) return null;
  const window = parseWindowKey(value);
  return window ? span(window) : value;
}

const SECTIONS: Readonly<Record<Kind, string | null>> = {
  check: null,
  deployment: "versions",
  approval: "versions",
  alert: null,
  compliance: "compliance",
  change: null,
};

/** Where the model's page shows it; null: nowhere. */
export function placeOf(id: string, entry: AuditEntry): string | null {
  const [concern = ""] = entry.action.split(".");
  const details = entry.details ?? {};
  const detail = (name: string): string | null =>
    typeof details[name] === "string" ? (details[name] as string) : null;
  if (entry.action.endsWith(".checked")) {
    const at = concern === "drift" ? { window: detail("window") } : { outcome: detail("outcome") };
    return address(["models", id], { section: concern, ...at });
  }
  if (concern === "version") return address(["models", id], { section: "versions", version: detail("version") });
  const section = SECTIONS[kindOf(entry.action)];
  return section ? address(["models", id], { section }) : null;
}

export interface Happening {
  readonly first: LoggedEntry;
  /** How many alike follow each other: same action, by the same, within a minute. */
  readonly times: number;
  /** What they say, each thing once. */
  readonly said: readonly string[];
}

const MOST_SAID = 8;

/** Neighbours that say the same become one line. */
export function together(entries: readonly LoggedEntry[]): Happening[] {
  const found: Happening[] = [];
  for (const logged of entries) {
    const last = found.at(-1);
    const said = facts(logged.entry);
    if (last && alike(last.first.entry, logged.entry)) {
      const all = [...new Set([...last.said, ...said])].slice(0, MOST_SAID);
      found[found.length - 1] = { ...last, times: last.times + 1, said: all };
    } else found.push({ first: logged, times: 1, said });
  }
  return found;
}

function alike(one: AuditEntry, other: AuditEntry): boolean {
  return (
    one.action === other.action &&
    one.actor === other.actor &&
    JSON.stringify([
      one.details?.["verdict"],
      one.details?.["outcome"],
      one.details?.["window"],
      one.details?.["version"],
    ]) ===
      JSON.stringify([
        other.details?.["verdict"],
        other.details?.["outcome"],
        other.details?.["window"],
        other.details?.["version"],
      ]) &&
    Math.abs(Date.parse(one.at) - Date.parse(other.at)) < 60_000
  );
}
