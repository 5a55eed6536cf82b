/** The trail over everything: who did what when, before and after, as a file, and whether it is intact. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { answer } from "../../api/client";
import type { LoggedEntry } from "../../api/types";
import { useApp } from "../../app";
import { Select } from "../../components/filters";
import { Heads } from "../../components/heads";
import { Empty, Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { Time, useNow } from "../../components/time";
import { csv, save } from "../../files";
import { count, sentenceCase, words } from "../../format";
import { address, type Choose, type Query, useChoices } from "../../router";
import { useTitle } from "../../shell/title";
import { useTell } from "../../shell/told";
import { strings } from "../../strings";
import { Details } from "./details";

const text = strings.audit;
const SUBJECT = /^[a-z_]+\/[A-Za-z0-9._-]{1,200}$/;

export function AuditTrail(): ReactNode {
  const { reads } = useApp();
  const [query, choose] = useChoices();
  useTitle(text.title);
  // What is not a subject yet is being typed; asking would only be refused.
  const subject = query["subject"] && SUBJECT.test(query["subject"]) ? query["subject"] : null;
  const pages = useInfiniteQuery(reads.audit(subject));
  const read = pages.data?.pages.flatMap((page) => page.entries) ?? [];
  const shown = read.filter((one) => matches(one, query));
  return (
    <>
      <div className="lead card-head">
        <div>
          <h1>{text.title}</h1>
          <p className="quiet">{text.about}</p>
        </div>
        <div className="toolbar">
          <Files entries={shown} />
          <Verify />
        </div>
      </div>
      <Filters read={read} query={query} choose={choose} />
      <section className="card" aria-label={text.title}>
        <Panel what="the audit trail" of={pages} lines={8}>
          {() => (
            <>
              <p className="quiet" role="status">
                {text.read(shown.length, read.length)}
              </p>
              {shown.length === 0 ? <Empty what={text.none} hint={text.noneHint} /> : <Table entries={shown} />}
              {pages.hasNextPage ? (
                <button type="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
                  {text.more}
                </button>
              ) : null}
            </>
          )}
        </Panel>
      </section>
    </>
  );
}

/** Who, what and when are looked for in what was read: the API filters by subject alone. */
export function matches({ entry }: LoggedEntry, query: Query): boolean {
  const day = entry.at.slice(0, 10);
  return (
    (!query["actor"] || entry.actor === query["actor"]) &&
    (!query["action"] || entry.action === query["action"]) &&
    (!query["since"] || day >= query["since"]) &&
    (!query["until"] || day <= query["until"])
  );
}

interface FiltersProps {
  readonly read: readonly LoggedEntry[];
  readonly query: Query;
  readonly choose: Choose;
}

function Filters({ read, query, choose }: FiltersProps): ReactNode {
  const weekAgo = new Date(useNow() - 7 * 86_400_000).toISOString().slice(0, 10);
  const distinct = (of: (one: LoggedEntry) => string): (readonly [string, string])[] =>
    [...new Set(read.map(of))].sort().map((one) => [one, one] as const);
  const all = ["", strings.models.all] as const;
  return (
    <form className="filters" aria-label={text.filter} onSubmit={(event) => event.preventDefault()}>
      <label>
        {text.subject}
        <input
          type="search"
          placeholder={text.subjectHint}
          value={query["subject"] ?? ""}
          onChange={(event) => choose({ subject: event.target.value.trim() || null })}
        />
      </label>
      <Select
        label={text.actor}
        value={query["actor"] ?? ""}
        choose={(actor) => choose({ actor: actor || null })}
        options={[all, ...distinct((one) => one.entry.actor)]}
      />
      <Select
        label={text.action}
        value={query["action"] ?? ""}
        choose={(action) => choose({ action: action || null })}
        options={[all, ...distinct((one) => one.entry.action)]}
      />
      {(["since", "until"] as const).map((name) => (
        <label key={name}>
          {text[name]}
          <input
            type="date"
            value={query[name] ?? ""}
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

function Table({ entries }: { entries: readonly LoggedEntry[] }): ReactNode {
  return (
    <table className="cards audit">
      <Heads names={[text.when, text.actor, text.action, text.subject, text.details]} />
      <tbody>
        {entries.map(({ entry, index, hash }) => (
          <tr key={index}>
            <td data-label={text.when} className="nowrap">
              <span>
                <Time at={entry.at} />
                <span className="reason">
                  <code title={hash}>{`${index} · ${hash.slice(0, 10)}`}</code>
                </span>
              </span>
            </td>
            <td data-label={text.actor}>
              <span>{entry.actor}</span>
            </td>
            <th scope="row">{sentenceCase(words(entry.action))}</th>
            <td data-label={text.subject}>
              <Subject of={entry.subject} />
            </td>
            <td data-label={text.details}>
              <Details of={entry.details ?? {}} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Subject({ of }: { of: string }): ReactNode {
  const [kind, id = ""] = of.split("/", 2);
  return kind === "model" ? <a href={address(["models", id], { section: "activity" })}>{id}</a> : <span>{of}</span>;
}

function Files({ entries }: { entries: readonly LoggedEntry[] }): ReactNode {
  const tell = useTell();
  const give = (file: string, type: string, content: string): void => {
    save(file, type, content);
    tell(text.exported(entries.length, file));
  };
  return (
    <>
      <button type="button" onClick={() => give("audit.csv", "text/csv", toCsv(entries))}>
        {text.csv}
      </button>
      <button type="button" onClick={() => give("audit.json", "application/json", JSON.stringify(entries, null, 2))}>
        {text.json}
      </button>
    </>
  );
}

export function toCsv(entries: readonly LoggedEntry[]): string {
  return csv(
    ["index", "at", "actor", "action", "subject", "details", "hash", "previous"],
    entries.map(({ entry, index, hash, previous }) => [
      String(index),
      entry.at,
      entry.actor,
      entry.action,
      entry.subject,
      JSON.stringify(entry.details ?? {}),
      hash,
      previous,
    ]),
  );
}

function Verify(): ReactNode {
  const { api } = useApp();
  const [wanted, setWanted] = useState(false);
  const found = useQuery({
    queryKey: ["audit", "verify"],
    queryFn: () => answer(api.GET("/api/v1/audit/verify")),
    enabled: wanted,
    refetchInterval: false,
  });
  if (found.data) {
    const { intact, head, problem_count = 0 } = found.data;
    return (
      <Badge
        word={
          intact
            ? { tone: "good", text: text.intact(count(head.size ?? 0)) }
            : { tone: "bad", text: text.broken(problem_count) }
        }
      />
    );
  }
  return (
    <button type="button" disabled={found.isFetching} onClick={() => (wanted ? void found.refetch() : setWanted(true))}>
      {found.isFetching ? text.verifying : text.verify}
    </button>
  );
}
