/** The entries of a register, what is due first before: filtered by the API, in pages, counted by state and urgency. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApp } from "../../app";
import { isAddress, isModelId, Select, Typed } from "../../components/filters";
import { Heads } from "../../components/heads";
import { Empty, Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { sentenceCase } from "../../format";
import { address, type Choose, type Query, useChoices } from "../../router";
import { strings } from "../../strings";
import { registers as text } from "../../strings/registers";
import { Counted, Urgency } from "./clocks";
import { countsOf, entriesOf, type Kept, type Register, type Wanted } from "./register";
import { stateWord } from "./words";

function wantedOf<V extends Kept>(register: Register<V>, query: Query): Wanted {
  const names = ["state", "order", ...(register.filters ?? []).map(({ name }) => name)];
  const chosen = Object.fromEntries(names.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
  const { owner = "", model_id = "" } = query;
  return {
    ...chosen,
    ...(isAddress(owner) ? { owner } : {}),
    ...(isModelId(model_id) ? { model_id } : {}),
  };
}

export function RegisterList<V extends Kept>({ register }: { register: Register<V> }): ReactNode {
  const { api } = useApp();
  const [query, choose] = useChoices();
  const wanted = wantedOf(register, query);
  const pages = useInfiniteQuery(entriesOf(api, register, wanted));
  const views = pages.data?.pages.flatMap((page) => page.entries) ?? [];
  const { Add, Above } = register;
  return (
    <section className="panel" aria-label={register.title}>
      <div className="card-head">
        <p className="quiet">{register.about}</p>
        {Add ? (
          <div className="toolbar">
            <Add />
          </div>
        ) : null}
      </div>
      {register.counts ? <Counts register={register} /> : null}
      {Above ? <Above /> : null}
      <Filters register={register} query={query} choose={choose} />
      <Panel what={register.title.toLowerCase()} of={pages} lines={6}>
        {() => (
          <>
            <p className="quiet" role="status">
              {text.counted(views.length, pages.hasNextPage)}
            </p>
            {views.length > 0 ? <Table register={register} views={views} /> : null}
            {views.length === 0 && !pages.hasNextPage ? <Nothing register={register} wanted={wanted} /> : null}
            {pages.hasNextPage ? (
              <button type="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
                {strings.more}
              </button>
            ) : null}
          </>
        )}
      </Panel>
    </section>
  );
}

function Nothing<V extends Kept>({ register, wanted }: { register: Register<V>; wanted: Wanted }): ReactNode {
  const [what, hint] = Object.keys(wanted).some((name) => name !== "order")
    ? [text.noMatch, text.noMatchHint]
    : register.none;
  return <Empty what={what} hint={hint} />;
}

function Counts<V extends Kept>({ register }: { register: Register<V> }): ReactNode {
  const { api } = useApp();
  const counts = useQuery(countsOf(api, register));
  return (
    <Panel what={text.byState.toLowerCase()} of={counts} lines={1}>
      {(found) => (found ? <Counted counts={found} stateWord={stateWord} /> : null)}
    </Panel>
  );
}

interface FiltersProps<V extends Kept> {
  readonly register: Register<V>;
  readonly query: Query;
  readonly choose: Choose;
}

function Filters<V extends Kept>({ register, query, choose }: FiltersProps<V>): ReactNode {
  const { reads } = useApp();
  const known = useQuery(reads.find(""));
  const all = ["", text.all] as const;
  return (
    <form className="filters" aria-label={text.filter} onSubmit={(event) => event.preventDefault()}>
      {[{ name: "state", label: text.state, options: register.states }, ...(register.filters ?? [])].map((one) => (
        <Select
          key={one.name}
          label={one.label}
          value={query[one.name] ?? ""}
          choose={(value) => choose({ [one.name]: value || null })}
          options={[all, ...one.options]}
        />
      ))}
      <Typed label={text.owner} name="owner" choices={query} choose={choose} hint={text.ownerHint} fits={isAddress} />
      <Typed
        label={text.model}
        name="model_id"
        choices={query}
        choose={choose}
        hint={text.modelHint}
        fits={isModelId}
        known={(known.data?.models ?? []).map((one) => one.id)}
      />
      <Select
        label={text.order}
        value={query["order"] ?? ""}
        choose={(order) => choose({ order: order || null })}
        options={[
          ["", text.dueFirst],
          ["descending", text.dueLast],
        ]}
      />
    </form>
  );
}

function Table<V extends Kept>({ register, views }: { register: Register<V>; views: readonly V[] }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[text.entry, text.state, text.due, text.owner]} />
      <tbody>
        {views.map((view) => {
          const entry = register.entryOf(view);
          return (
            <tr key={entry.id}>
              <th scope="row">
                <a href={address(["registers", register.name, entry.id])}>{entry.title}</a>
                {register.inShort ? <span className="reason">{register.inShort(view)}</span> : null}
              </th>
              <td data-label={text.state}>
                <Badge word={stateWord(entry.state ?? "")} />
              </td>
              <td data-label={text.due}>
                <Urgency standing={view.standing} />
              </td>
              <td data-label={text.owner}>
                <span>{entry.owner}</span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Options of a filter from the words of the API. */
export const optionsOf = (names: readonly string[], said: (name: string) => string = (name) => stateWord(name).text) =>
  names.map((name) => [name, sentenceCase(said(name))] as const);
