/** What is looked for in the trail. Each choice is part of the address; the API looks, over everything that was ever done. */

import { type ReactNode, useRef } from "react";
import type { AuditQuery } from "../../api/reads";
import type { LoggedEntry } from "../../api/types";
import { Typed } from "../../components/filters";
import { useNow } from "../../components/time";
import type { Choose, Query } from "../../router";
import { strings } from "../../strings";

const text = strings.audit;
const SUBJECT = /^[a-z_]+\/[A-Za-z0-9._-]{1,200}$/;
const ACTION = /^[a-z_]+\.[a-z_]+$/;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** What is not a subject or an action yet is being typed; asking would only be refused. Days are the person's own, both included. */
export function wantedOf(query: Query): AuditQuery {
  const { subject = "", action = "", actor, since = "", until = "" } = query;
  return {
    ...(SUBJECT.test(subject) ? { subject } : {}),
    ...(actor ? { actor } : {}),
    ...(ACTION.test(action) ? { action } : {}),
    ...(DAY.test(since) ? { from: startOf(since, 0) } : {}),
    ...(DAY.test(until) ? { to: startOf(until, 1) } : {}),
  };
}

/** When a day begins here, or so many days later. */
function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/** The day here of a time, as an address has it. */
export function dayOf(at: number): string {
  const here = new Date(at);
  return [here.getFullYear(), here.getMonth() + 1, here.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}

const WEEK_MS = 7 * 86_400_000;

interface SearchProps {
  readonly read: readonly LoggedEntry[];
  readonly query: Query;
  readonly choose: Choose;
}

export function Search({ read, query, choose }: SearchProps): ReactNode {
  const weekAgo = dayOf(useNow() - WEEK_MS);
  const people = useSeen(read.map(({ entry }) => entry.actor));
  const actions = useSeen(read.map(({ entry }) => entry.action));
  const subjects = useSeen(read.map(({ entry }) => entry.subject));
  return (
    <form className="filters" aria-label={text.filter} onSubmit={(event) => event.preventDefault()}>
      <Typed
        label={text.subject}
        name="subject"
        choices={query}
        choose={choose}
        known={subjects}
        hint={text.subjectHint}
        fits={(typed) => SUBJECT.test(typed)}
      />
      <Typed label={text.actor} name="actor" choices={query} choose={choose} known={people} hint={text.actorHint} />
      <Typed
        label={text.action}
        name="action"
        choices={query}
        choose={choose}
        known={actions}
        hint={text.actionHint}
        fits={(typed) => ACTION.test(typed)}
      />
      {(["since", "until"] as const).map((name) => (
        <label key={name}>
          {text[name]}
          <input
            type="date"
            value={DAY.test(query[name] ?? "") ? query[name] : ""}
            onChange={(event) => choose({ [name]: event.target.value || null })}
          />
        </label>
      ))}
      <div className="toolbar">
        <button
          type="button"
          aria-pressed={query["since"] === weekAgo}
          onClick={() => choose({ since: query["since"] === weekAgo ? null : weekAgo, until: null })}
        >
          {text.lastWeek}
        </button>
      </div>
    </form>
  );
}

/** What was seen since the page was opened: a search must not take away what to search for next. */
function useSeen(values: readonly string[]): readonly string[] {
  const seen = useRef(new Set<string>());
  for (const value of values) seen.current.add(value);
  return [...seen.current].sort();
}
