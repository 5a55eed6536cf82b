/** The trail over everything: who did what when, before and after, as a file, and whether it is intact. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { answer } from "../../api/client";
import type { AuditQuery } from "../../api/reads";
import type { EntryPage, LoggedEntry } from "../../api/types";
import { useApp } from "../../app";
import { Heads } from "../../components/heads";
import { Empty, Panel, reasonOf } from "../../components/panel";
import { Badge } from "../../components/state";
import { Time } from "../../components/time";
import { csv, save } from "../../files";
import { count, sentenceCase, words } from "../../format";
import { address, useChoices } from "../../router";
import { useTitle } from "../../shell/title";
import { useTell } from "../../shell/told";
import { strings } from "../../strings";
import { Details } from "./details";
import { Prove } from "./proof";
import { Search, wantedOf } from "./search";

const text = strings.audit;
/** More than a spreadsheet is read with; `syndic audit export` has no limit. */
const MOST_EXPORTED = 20_000;

export function AuditTrail(): ReactNode {
  const { reads } = useApp();
  const [query, choose] = useChoices();
  useTitle(text.title);
  const wanted = wantedOf(query);
  const pages = useInfiniteQuery(reads.audit(wanted));
  const read = pages.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <>
      <div className="lead card-head">
        <div>
          <h1>{text.title}</h1>
          <p className="quiet">{text.about}</p>
        </div>
        <div className="toolbar">
          <Files wanted={wanted} />
          <Verify />
        </div>
      </div>
      <Search read={read} query={query} choose={choose} />
      <section className="card" aria-label={text.title}>
        <Panel what="the audit trail" of={pages} lines={8}>
          {() => (
            <>
              <p className="quiet" role="status">
                {text.read(read.length, pages.hasNextPage)}
              </p>
              {read.length === 0 && !pages.hasNextPage ? <Empty what={text.none} /> : <Table entries={read} />}
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

function Table({ entries }: { entries: readonly LoggedEntry[] }): ReactNode {
  return (
    <table className="cards audit">
      <Heads names={[text.when, text.actor, text.action, text.subject, text.details]} />
      <tbody>
        {entries.map((logged) => {
          const { entry, index, hash } = logged;
          return (
            <tr key={index}>
              <td data-label={text.when} className="nowrap">
                <span>
                  <Time at={entry.at} />
                  <span className="reason">
                    <code title={hash}>{`${index} · ${hash.slice(0, 8)}`}</code>
                    <Prove logged={logged} />
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
          );
        })}
      </tbody>
    </table>
  );
}

function Subject({ of }: { of: string }): ReactNode {
  const [kind, id = ""] = of.split("/", 2);
  return kind === "model" ? <a href={address(["models", id], { section: "activity" })}>{id}</a> : <span>{of}</span>;
}

/** Everything that matches, however many pages that are, up to a limit that is told. */
function Files({ wanted }: { wanted: AuditQuery }): ReactNode {
  const { api } = useApp();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const everything = async (): Promise<{ entries: LoggedEntry[]; more: boolean }> => {
    const entries: LoggedEntry[] = [];
    let token: string | undefined;
    do {
      const page: EntryPage = await answer(
        api.GET("/api/v1/audit-logs", { params: { query: { ...wanted, limit: 100, ...(token ? { token } : {}) } } }),
      );
      entries.push(...page.entries);
      token = page.next_token ?? undefined;
    } while (token && entries.length < MOST_EXPORTED);
    return { entries, more: token !== undefined };
  };
  const give = async (
    file: string,
    type: string,
    write: (entries: readonly LoggedEntry[]) => string,
  ): Promise<void> => {
    setBusy(true);
    try {
      const { entries, more } = await everything();
      save(file, type, write(entries));
      tell(more ? text.exportedFirst(count(entries.length), file) : text.exported(entries.length, file));
    } catch (error) {
      tell(text.notExported(reasonOf(error)));
    } finally {
      setBusy(false);
    }
  };
  const json = (entries: readonly LoggedEntry[]): string => JSON.stringify(entries, null, 2);
  return (
    <>
      <button type="button" disabled={busy} onClick={() => void give("audit.csv", "text/csv", toCsv)}>
        {busy ? text.exporting : text.csv}
      </button>
      <button type="button" disabled={busy} onClick={() => void give("audit.json", "application/json", json)}>
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
    <>
      <button
        type="button"
        disabled={found.isFetching}
        onClick={() => (wanted ? void found.refetch() : setWanted(true))}
      >
        {found.isFetching ? text.verifying : text.verify}
      </button>
      {found.error && !found.isFetching ? (
        <p className="notice bad" role="alert">
          {text.notVerified(reasonOf(found.error))}
        </p>
      ) : null}
    </>
  );
}
