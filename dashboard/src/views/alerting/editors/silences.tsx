/** Silences: what is quiet until when and why, what a new one would have kept quiet, and ending one. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Silence, silences } from "../../../api/alerting_reads";
import { answer } from "../../../api/client";
import { useApp } from "../../../app";
import { Heads } from "../../../components/heads";
import { Empty, Panel } from "../../../components/panel";
import { Time } from "../../../components/time";
import { Action, type Values } from "../../../forms/action";
import { ChoiceField, LongField } from "../../../forms/fields";
import { routing } from "../../../strings/routing";
import { lines, placeOf } from "./lists";
import { ToldList } from "./tried";

const text = routing.silence;
const PLACE = placeOf({ matchers: "matchers", ends_at: "length", comment: "comment" });
const HOURS: Readonly<Record<string, number>> = { "1h": 1, "4h": 4, "1d": 24, "7d": 168 };

export function Silences(): ReactNode {
  const { api } = useApp();
  const found = useQuery(silences(api));
  return (
    <section className="card" aria-labelledby="title-silences">
      <div className="card-head">
        <h2 id="title-silences">{routing.silences}</h2>
        <Action
          route="POST /api/v1/alerts/silences"
          label={text.add}
          tone="primary"
          about={text.about}
          confirm={routing.save}
          otherwise="explain"
          told={text.add}
          touches={[["silences"]]}
          place={PLACE}
          trial={{
            label: routing.tryIt,
            run: async (values) => {
              const tried = await answer(api.POST("/api/v1/alerts/silences/dry-run", { body: silenceOf(values) }));
              return (
                <>
                  <p>{`${text.matched(tried.alerts)} ${text.standing(tried.standing.length)}`}</p>
                  {tried.alerts ? <ToldList told={tried.receivers} say={text.spared} /> : null}
                </>
              );
            },
          }}
          send={(values, headers) => api.POST("/api/v1/alerts/silences", { body: silenceOf(values), headers })}
        >
          <LongField name="matchers" label={routing.matchers} hint={routing.matchersHint} required rows={2} />
          <ChoiceField name="length" label={text.how} required value="4h" options={Object.entries(text.lengths)} />
          <LongField name="comment" label={text.comment} required rows={2} />
        </Action>
      </div>
      <Panel what="the silences" of={found} lines={4}>
        {(list) => (list.length ? <Table list={list} /> : <Empty what={text.none} hint={text.noneHint} />)}
      </Panel>
    </section>
  );
}

function Table({ list }: { list: readonly Silence[] }): ReactNode {
  const { api } = useApp();
  return (
    <table className="cards">
      <Heads names={[routing.silences, text.until, text.comment, text.by]} actions />
      <tbody>
        {list.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <code>{one.matchers.join(", ")}</code>
            </th>
            <td data-label={text.until}>
              <span>
                <Time at={one.ends_at} />
                <span className="reason">
                  {`${text.from} `}
                  <Time at={one.starts_at} />
                </span>
              </span>
            </td>
            <td data-label={text.comment}>
              <span>{one.comment}</span>
            </td>
            <td data-label={text.by}>
              <span>{one.created_by}</span>
            </td>
            <td>
              <Action
                route="DELETE /api/v1/alerts/silences/{silence}"
                label={text.end}
                title={text.endTitle(one.matchers.join(", "))}
                told={text.ended}
                touches={[["silences"]]}
                send={(_, headers) =>
                  api.DELETE("/api/v1/alerts/silences/{silence}", { params: { path: { silence: one.id } }, headers })
                }
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function silenceOf(values: Values) {
  const hours = HOURS[values["length"] ?? ""] ?? 4;
  // To the full minute, so that what is sent again after a lost answer is the same.
  const ends = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + hours * 3_600_000);
  return { matchers: lines(values["matchers"]), ends_at: ends.toISOString(), comment: values["comment"] ?? "" };
}
