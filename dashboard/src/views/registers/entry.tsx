/** One entry of a register: where it stands, what can be done, what is on record, and what became of it. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isMissing } from "../../api/client";
import { useApp } from "../../app";
import { Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { Time } from "../../components/time";
import { sentenceCase, words } from "../../format";
import { address } from "../../router";
import { useTitle } from "../../shell/title";
import { strings } from "../../strings";
import { registers as text } from "../../strings/registers";
import { Details } from "../audit/details";
import { Clocks } from "./clocks";
import { entryOf, type Kept, type Register } from "./register";
import { Steps } from "./steps";
import { stateWord } from "./words";

export function EntryPage<V extends Kept>({ register, id }: { register: Register<V>; id: string }): ReactNode {
  const { api } = useApp();
  const found = useQuery(entryOf(api, register, id));
  if (isMissing(found.error))
    return (
      <div className="lead">
        <h1>{text.missing}</h1>
        <p>{found.error.status === 404 ? found.error.message : null}</p>
        <Back register={register} />
      </div>
    );
  return (
    <Panel what={text.entry.toLowerCase()} of={found} lines={8}>
      {({ value, etag }) => <Shown register={register} view={value} etag={etag} />}
    </Panel>
  );
}

function Back<V extends Kept>({ register }: { register: Register<V> }): ReactNode {
  return (
    <p>
      <a href={address(["registers", register.name])}>{text.toList(register.title)}</a>
    </p>
  );
}

interface ShownProps<V extends Kept> {
  readonly register: Register<V>;
  readonly view: V;
  readonly etag: string | null;
}

function Shown<V extends Kept>({ register, view, etag }: ShownProps<V>): ReactNode {
  const entry = register.entryOf(view);
  useTitle(entry.title);
  return (
    <>
      <div className="lead">
        <Back register={register} />
        <h1>{entry.title}</h1>
        <p className="about">
          <Badge word={stateWord(entry.state ?? "")} />
          {register.inShort ? <span>{register.inShort(view)}</span> : null}
          <span>{`${text.owner}: ${entry.owner}`}</span>
        </p>
        <Models ids={entry.model_ids ?? []} />
        <p className="quiet">
          {`${text.openedBy(entry.opened_by)} `}
          <Time at={entry.opened_at} />
          {`, ${text.changedBy(entry.changed_by)} `}
          <Time at={entry.changed_at} />
        </p>
      </div>
      <section className="card" aria-label={text.next}>
        <h2>{text.next}</h2>
        <Steps register={register} view={view} etag={etag} />
      </section>
      <section className="card" aria-label={text.clocks}>
        <h2>{text.clocks}</h2>
        <Clocks standing={view.standing} laws={entry.clocks} />
      </section>
      <section className="card" aria-label={text.facts}>
        <h2>{text.facts}</h2>
        <register.Body view={view} etag={etag} />
      </section>
      <History subject={`${register.kind}/${entry.id}`} />
    </>
  );
}

function Models({ ids }: { ids: readonly string[] }): ReactNode {
  if (ids.length === 0) return null;
  return (
    <p className="about">
      <span>{`${text.models}:`}</span>
      {ids.map((id) => (
        <a href={address(["models", id])} key={id}>
          {id}
        </a>
      ))}
    </p>
  );
}

/** What the audit trail says of it, the newest first. Of what people wrote the trail keeps hashes. */
function History({ subject }: { subject: string }): ReactNode {
  const { reads } = useApp();
  const trail = useInfiniteQuery(reads.audit({ subject }));
  const entries = trail.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <section className="card" aria-label={text.history}>
      <div className="card-head">
        <h2>{text.history}</h2>
        <a href={address(["audit"], { subject })}>{text.wholeHistory}</a>
      </div>
      <Panel what="the audit trail" of={trail} lines={3}>
        {() => (
          <>
            {entries.length === 0 && !trail.hasNextPage ? <p className="quiet">{text.noHistory}</p> : null}
            <ol className="story">
              {entries.map(({ entry, index }) => (
                <li key={index}>
                  <Time at={entry.at} />
                  {` ${sentenceCase(words(entry.action))} · ${entry.actor}`}
                  <Details of={told(entry.details ?? {})} />
                </li>
              ))}
            </ol>
            {trail.hasNextPage ? (
              <button type="button" disabled={trail.isFetching} onClick={() => void trail.fetchNextPage()}>
                {strings.more}
              </button>
            ) : null}
          </>
        )}
      </Panel>
    </section>
  );
}

/** Registers tell what changed as `from` and `to`; of what people wrote they tell a hash. */
function told({ from, to, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return from === undefined && to === undefined ? rest : { before: plain(from), after: plain(to), ...rest };
}

function plain(values: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, shown(value)]));
}

const HASH = 8;

function shown(value: unknown): unknown {
  if (value === "" || (Array.isArray(value) && value.length === 0)) return null;
  const hash = (value as { sha256?: unknown } | null)?.sha256;
  return typeof hash === "string" ? text.hashed(hash.slice(0, HASH)) : value;
}
