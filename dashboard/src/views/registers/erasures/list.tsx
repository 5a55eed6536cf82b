/** Plans of erasures and what was done of them, the newest first. */

import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApp } from "../../../app";
import { Heads } from "../../../components/heads";
import { Empty, Panel } from "../../../components/panel";
import { Badge } from "../../../components/state";
import { Since } from "../../../components/time";
import { count, day } from "../../../format";
import { address } from "../../../router";
import { strings } from "../../../strings";
import { erasures as text } from "../../../strings/erasures";
import { PlanErasure } from "./plan";
import { type Erasure, erasuresOf } from "./reads";

export function ErasuresPage(): ReactNode {
  const pages = useInfiniteQuery(erasuresOf(useApp().api));
  const found = pages.data?.pages.flatMap((page) => page.erasures) ?? [];
  return (
    <section className="panel" aria-label={text.title}>
      <div className="card-head">
        <p className="quiet">{text.about}</p>
        <div className="toolbar">
          <PlanErasure />
        </div>
      </div>
      {pages.data?.pages[0]?.may_apply === false ? (
        <div className="notice warn">
          <p>{text.mayNot}</p>
        </div>
      ) : null}
      <Panel what={text.title.toLowerCase()} of={pages} lines={5}>
        {() => (found.length ? <Table erasures={found} /> : <Empty what={text.none} hint={text.noneHint} />)}
      </Panel>
      {pages.hasNextPage ? (
        <button type="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
          {strings.more}
        </button>
      ) : null}
    </section>
  );
}

export function whatGoes({ kind, persons = 0, older_than }: Erasure): string {
  return kind === "age" && older_than ? text.older(day(older_than)) : text.persons(persons);
}

function Table({ erasures }: { erasures: readonly Erasure[] }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[text.what, text.state, text.found, text.by]} />
      <tbody>
        {erasures.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <a href={address(["registers", "erasures", one.id])}>{`${one.model_id}: ${whatGoes(one)}`}</a>
              <span className="reason">{one.reason}</span>
            </th>
            <td data-label={text.state}>
              <Badge word={text.states[one.state ?? "planning"]} />
            </td>
            <td data-label={text.found}>
              <span>
                {one.planned_at ? text.rows(count(one.found?.rows ?? 0), count(one.found?.objects ?? 0)) : text.looking}
              </span>
            </td>
            <td data-label={text.by}>
              <span>
                {one.asked_by}
                <span className="reason">
                  <Since at={one.asked_at} />
                </span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
