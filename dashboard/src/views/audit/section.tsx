/** Activity: what happened to a model, newest first, as the audit trail keeps it. */

import type { ReactNode } from "react";
import type { AuditEntry, LoggedEntry } from "../../api/types";
import { Empty } from "../../components/panel";
import { Time } from "../../components/time";
import { counts, list, measure, parseWindowKey, sentenceCase, span, words } from "../../format";

export function Activity({ entries }: { entries: readonly LoggedEntry[] }): ReactNode {
  if (entries.length === 0) {
    return (
      <Empty
        what="Nothing has happened yet."
        hint="Every check, change and decision about this model will be listed here."
      />
    );
  }
  const rest = entries.slice(FIRST);
  return (
    <>
      <ol className="activity">{entries.slice(0, FIRST).map(row)}</ol>
      {rest.length ? (
        <details>
          <summary>{`${counts(rest.length, "earlier entry", "earlier entries")}`}</summary>
          <ol className="activity">{rest.map(row)}</ol>
        </details>
      ) : null}
    </>
  );
}

const FIRST = 12;

function row(logged: LoggedEntry): ReactNode {
  const { entry } = logged;
  return (
    <li key={logged.index}>
      <span className="quiet">
        <Time at={entry.at} />
      </span>
      <div>
        <p>
          <b>{sentenceCase(words(entry.action))}</b>
          <span className="quiet">{` by ${entry.actor}`}</span>
        </p>
        {details(entry)}
        <p className="quiet">
          <code title={`hash ${logged.hash}`}>{`entry ${logged.index} · ${logged.hash.slice(0, 12)}`}</code>
        </p>
      </div>
    </li>
  );
}

/** Addresses of records and hashes are for machines; the trail itself holds them. */
const FOR_MACHINES = /sha256|_id$|^(alert|finding|report|revision)$/;

function details(entry: AuditEntry): ReactNode {
  const facts = Object.entries(entry.details ?? {}).flatMap(([name, value]) => {
    if (FOR_MACHINES.test(name)) return [];
    const text = name === "verdict" ? words(String(value)) : fact(value);
    return text === null ? [] : [`${words(name)}: ${text}`];
  });
  return facts.length ? <p className="quiet">{facts.join(" · ")}</p> : null;
}

function fact(value: unknown): string | null {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : measure(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return list(value) || "none";
  if (typeof value !== "string" || value.length > 120) return null;
  const window = parseWindowKey(value);
  return window ? span(window) : value;
}
