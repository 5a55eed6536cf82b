/** One timeline of a model: checks, deployments, changes, approvals, alerts and compliance, newest first, as the trail keeps them. */

import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { LoggedEntry } from "../../api/types";
import { useApp } from "../../app";
import { Select } from "../../components/filters";
import { Empty, Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Time } from "../../components/time";
import { count, day, sentenceCase, words } from "../../format";
import { address, useChoices } from "../../router";
import { home as text } from "../../strings/home";
import { type Happening, type Kind, kindOf, placeOf, together } from "./happenings";

const KINDS = Object.entries(text.kinds).map(([kind, name]) => [kind === "all" ? "" : kind, name] as const);

/** A day of the reader's zone as a moment; the API asks for one with a zone. */
function midnight(value: string | undefined, plus = 0): string | undefined {
  const at = value ? new Date(`${value}T00:00:00`) : null;
  if (!at || Number.isNaN(at.getTime())) return undefined;
  at.setDate(at.getDate() + plus);
  return at.toISOString();
}

export function Timeline({ id }: { id: string }): ReactNode {
  const { reads } = useApp();
  const [query, choose] = useChoices();
  const wanted = { actor: query["who"], from: midnight(query["since"]), to: midnight(query["until"], 1) };
  const found = useInfiniteQuery(reads.model(id).timeline(wanted));
  const read = found.data?.pages.flatMap((page) => page.entries) ?? [];
  const people = [
    ...new Set([...read.map(({ entry }) => entry.actor), ...(query["who"] ? [query["who"]] : [])]),
  ].sort();
  return (
    <>
      <search className="filters" aria-label={text.filter}>
        <Select label={text.kind} value={query["kind"] ?? ""} options={KINDS} choose={(kind) => choose({ kind })} />
        <Select
          label={text.who}
          value={query["who"] ?? ""}
          options={[["", text.everybody], ...people.map((one) => [one, one] as const)]}
          choose={(who) => choose({ who })}
        />
        <Day label={text.sinceDay} value={query["since"]} choose={(since) => choose({ since })} />
        <Day label={text.untilDay} value={query["until"]} choose={(until) => choose({ until })} />
      </search>
      <Panel what={text.timelineOf} of={found} lines={8}>
        {(data) => (
          <Listed
            id={id}
            kind={query["kind"] as Kind | undefined}
            entries={data.pages.flatMap((page) => page.entries)}
          />
        )}
      </Panel>
      {found.hasNextPage ? (
        <button type="button" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {text.older}
        </button>
      ) : null}
    </>
  );
}

function Day({
  label,
  value,
  choose,
}: {
  label: string;
  value: string | undefined;
  choose(day: string): void;
}): ReactNode {
  return (
    <label>
      {label}
      <input type="date" value={value ?? ""} onChange={(event) => choose(event.target.value)} />
    </label>
  );
}

interface ListedProps {
  readonly id: string;
  readonly kind: Kind | undefined;
  readonly entries: readonly LoggedEntry[];
}

function Listed({ id, kind, entries }: ListedProps): ReactNode {
  if (entries.length === 0) return <Empty what={text.nothingYet} hint={text.nothingYetHint} />;
  const shown = together(entries.filter(({ entry }) => !kind || kindOf(entry.action) === kind));
  if (shown.length === 0) return <Empty what={text.noneFits} hint={text.noneFitsHint} />;
  const days = new Map<string, Happening[]>();
  for (const one of shown) {
    const key = localDay(one.first.entry.at);
    days.set(key, [...(days.get(key) ?? []), one]);
  }
  return [...days].map(([key, happened]) => (
    <div className="stack" key={key}>
      <h3>{day(key)}</h3>
      <ol className="timeline-list">
        {happened.map((one) => (
          <Line key={one.first.index} id={id} happening={one} />
        ))}
      </ol>
    </div>
  ));
}

/** The day in the reader's zone. */
function localDay(at: string): string {
  const moment = new Date(at);
  const part = (value: number): string => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${part(moment.getMonth() + 1)}-${part(moment.getDate())}`;
}

function Line({ id, happening: { first, times, said } }: { id: string; happening: Happening }): ReactNode {
  const { entry } = first;
  const kind = kindOf(entry.action);
  const place = placeOf(id, entry);
  const verdict = entry.details?.["verdict"];
  const what = sentenceCase(words(entry.action));
  return (
    <li className={kind}>
      <span className="quiet">
        <Time at={entry.at} />
        <small>{text.kinds[kind]}</small>
      </span>
      <div>
        <p>
          {place ? <a href={place}>{what}</a> : <b>{what}</b>}
          {typeof verdict === "string" ? (
            <>
              {" "}
              <StateBadge name={verdict} />
            </>
          ) : null}
          <span className="quiet">
            {text.by(entry.actor)}
            {times > 1 ? `, ${text.times(count(times))}` : ""}
          </span>
        </p>
        {entry.reason ? <p>{entry.reason}</p> : null}
        {said.length ? <p className="quiet">{said.join(" · ")}</p> : null}
        <p className="quiet">
          <code title={first.hash}>{text.entry(first.index, first.hash.slice(0, 12))}</code>
        </p>
      </div>
    </li>
  );
}

const LATEST = 5;

/** The newest of it, for the first page of a model. */
export function Latest({ id }: { id: string }): ReactNode {
  const found = useInfiniteQuery(useApp().reads.model(id).timeline({}));
  return (
    <section className="card" aria-labelledby="title-latest">
      <div className="card-head">
        <h2 id="title-latest">{text.latest}</h2>
        <a href={address(["models", id], { section: "activity" })}>{text.everything}</a>
      </div>
      <Panel what={text.timelineOf} of={found}>
        {(data) => {
          const shown = together(data.pages[0]?.entries ?? []).slice(0, LATEST);
          if (shown.length === 0) return <Empty what={text.nothingYet} hint={text.nothingYetHint} />;
          return (
            <ol className="timeline-list">
              {shown.map((one) => (
                <Line key={one.first.index} id={id} happening={one} />
              ))}
            </ol>
          );
        }}
      </Panel>
    </section>
  );
}
