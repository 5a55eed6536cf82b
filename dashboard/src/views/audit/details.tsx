/** What an entry holds: changes as before and after, other facts by name. */

import type { ReactNode } from "react";
import { words } from "../../format";
import { strings } from "../../strings";

const text = strings.audit;

type Facts = Readonly<Record<string, unknown>>;

interface Line {
  readonly name: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly value?: unknown;
}

/** A pair of records called before and after, or a field that holds such a pair, is a change; the rest are facts. */
export function linesOf(details: Facts): Line[] {
  const { before, after, ...rest } = details;
  const facts = Object.entries(rest)
    .filter(([name]) => !(name.endsWith("_before") && name.slice(0, -"_before".length) in rest))
    .map(([name, value]): Line => {
      const pair = isRecord(value) && ("before" in value || "after" in value);
      if (pair) return { name, before: value["before"], after: value["after"] };
      return `${name}_before` in rest ? { name, before: rest[`${name}_before`], after: value } : { name, value };
    });
  return [...changesOf(before, after), ...facts];
}

function changesOf(before: unknown, after: unknown): Line[] {
  if (!isRecord(before) && !isRecord(after)) {
    return before === undefined && after === undefined ? [] : [{ name: "value", before, after }];
  }
  const [old, now] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
    .map((name) => ({ name, before: old[name], after: now[name] }));
}

function isRecord(value: unknown): value is Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const LONGEST = 160;

function shown(value: unknown): string {
  if (value === null || value === undefined) return strings.none;
  const said = typeof value === "string" ? value : JSON.stringify(value);
  return said.length > LONGEST ? `${said.slice(0, LONGEST)} …` : said;
}

const FIRST = 3;
/** Addresses of records and hashes are for machines; the files hold them. */
const FOR_MACHINES = /sha256|_id$|^(alert|finding|report|revision|key)$/;

export function Details({ of }: { of: Facts }): ReactNode {
  const lines = linesOf(of).filter(({ name }) => !FOR_MACHINES.test(name));
  const rest = lines.slice(FIRST);
  if (lines.length === 0) return null;
  return (
    <div className="details">
      <ul>{lines.slice(0, FIRST).map(line)}</ul>
      {rest.length ? (
        <details>
          <summary>{text.moreFacts(rest.length)}</summary>
          <ul>{rest.map(line)}</ul>
        </details>
      ) : null}
    </div>
  );
}

function line({ name, before, after, value }: Line): ReactNode {
  return (
    <li key={name}>
      <span className="quiet">{`${words(name)}: `}</span>
      {value === undefined ? (
        <>
          <span className="visually-hidden">{`${text.before} `}</span>
          <del>{shown(before)}</del>
          {" → "}
          <span className="visually-hidden">{`${text.after} `}</span>
          <ins>{shown(after)}</ins>
        </>
      ) : (
        shown(value)
      )}
    </li>
  );
}
