/** What runs by itself, how often, and when next. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Api, answer } from "../../api/client";
import { useApp } from "../../app";
import { Heads } from "../../components/heads";
import { Empty, Panel } from "../../components/panel";
import { Time } from "../../components/time";
import { schedules as text } from "../../strings/schedules";

const schedulesOf = (api: Api) =>
  queryOptions({
    queryKey: ["schedules"],
    queryFn: async () => (await answer(api.GET("/api/v1/dashboard/schedules"))).schedules,
  });

export function Schedules(): ReactNode {
  const found = useQuery(schedulesOf(useApp().api));
  return (
    <section className="card" aria-labelledby="title-schedules">
      <h2 id="title-schedules">{text.title}</h2>
      <p className="quiet">{text.about}</p>
      <Panel what="the schedules" of={found} lines={6}>
        {(schedules) =>
          schedules.length === 0 ? (
            <Empty what={text.none} hint={text.noneHint} />
          ) : (
            <table className="cards">
              <Heads names={[text.what, text.often, text.next]} />
              <tbody>
                {schedules.map((one) => (
                  <tr key={one.name}>
                    <th scope="row">
                      {one.name}
                      <span className="reason">{text.does[one.name] ?? ""}</span>
                    </th>
                    <td data-label={text.often}>
                      <span>{text.every(one.every)}</span>
                    </td>
                    <td data-label={text.next}>
                      <span>
                        {one.exact ? "" : `${text.latest} `}
                        <Time at={one.next} />
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Panel>
    </section>
  );
}
