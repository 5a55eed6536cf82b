/** Every model under governance: searched, filtered and sorted by the API, so that ten thousand are as quick as ten. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { ModelQuery } from "../../api/reads";
import type { ShownModel } from "../../api/types";
import { useApp } from "../../app";
import { isAddress } from "../../components/filters";
import { Empty, Panel } from "../../components/panel";
import { count, counts } from "../../format";
import { type Query, useChoices } from "../../router";
import { useTitle } from "../../shell/title";
import { strings } from "../../strings";
import { AssignMany } from "./assign";
import { Export } from "./export";
import { Filters } from "./filters";
import { RegisterModel } from "./register";
import { ModelTable } from "./table";

const text = strings.models;

/** Names of filters in the address are those of the API. */
const FILTERS = [
  "name",
  "owner",
  "cloud",
  "risk",
  "status",
  "stage",
  "presence",
  "checks",
  "verdict",
  "framework",
  "domain",
  "sort",
  "order",
] as const;

export function queryOf(choices: Query): ModelQuery {
  const found = FILTERS.flatMap((name) => {
    const wanted = choices[name];
    return wanted && (name !== "owner" || isAddress(wanted)) ? [[name, wanted]] : [];
  });
  return Object.fromEntries(found) as ModelQuery;
}

export function Models(): ReactNode {
  const { reads } = useApp();
  const [choices, choose] = useChoices();
  const query = queryOf(choices);
  const pages = useInfiniteQuery(reads.models(query));
  const total = useQuery(reads.counts());
  const [selected, setSelected] = useState<Readonly<Record<string, true>>>({});
  useTitle(text.title);
  useFilled(pages);
  const models = pages.data?.pages.flatMap((page) => page.models) ?? NO_MODELS;
  const chosen = models.filter((model) => selected[model.id]);
  return (
    <>
      <div className="lead card-head">
        <div>
          <h1>{text.title}</h1>
          <p className="quiet" role="status">
            {pages.data ? said(models.length, pages.hasNextPage, total.data?.models, isNarrowed(query)) : null}
          </p>
        </div>
        <div className="toolbar">
          <Export query={query} chosen={chosen} />
          <RegisterModel />
        </div>
      </div>
      <Filters choices={choices} choose={choose} />
      {chosen.length ? (
        <div className="toolbar selection">
          <span>{text.selected(chosen.length)}</span>
          <AssignMany models={chosen} done={() => setSelected({})} />
          <button type="button" className="plain" onClick={() => setSelected({})}>
            {text.unselect}
          </button>
        </div>
      ) : null}
      <Panel what="the models" of={pages} lines={10}>
        {() =>
          models.length === 0 && !pages.hasNextPage ? (
            <Empty
              what={isNarrowed(query) ? text.noMatch : text.none}
              hint={isNarrowed(query) ? text.noMatchHint : text.noneHint}
            />
          ) : (
            <ModelTable
              models={models}
              query={query}
              choose={choose}
              selected={selected}
              select={setSelected}
              more={pages.hasNextPage ? () => void (pages.isFetchingNextPage || pages.fetchNextPage()) : null}
            />
          )
        }
      </Panel>
    </>
  );
}

/** An order leaves nothing out. */
const isNarrowed = ({ sort, order, ...filters }: ModelQuery): boolean => Object.keys(filters).length > 0;

const NO_MODELS: readonly ShownModel[] = [];

function said(shown: number, more: boolean, total: number | undefined, filtered: boolean): string {
  if (!more) return filtered && total !== undefined ? text.matching(shown, count(total)) : counts(shown, "model");
  return total === undefined ? text.shown(count(shown)) : text.shownOf(count(shown), count(total), filtered);
}

/** Enough rows for the tallest window; a page may be short although more follow. */
const ENOUGH = 40;

function useFilled(pages: {
  data?: { pages: readonly { models: readonly unknown[] }[] } | undefined;
  hasNextPage: boolean;
  isFetching: boolean;
  fetchNextPage(): unknown;
}): void {
  const rows = pages.data?.pages.reduce((sum, page) => sum + page.models.length, 0) ?? 0;
  const wants = pages.data !== undefined && rows < ENOUGH && pages.hasNextPage && !pages.isFetching;
  useEffect(() => {
    if (wants) pages.fetchNextPage();
  });
}
