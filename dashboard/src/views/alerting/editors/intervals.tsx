/** Recurring times under a name, by which routes are quiet or escalate: which there are, adding one, taking one away. */

import type { ReactNode } from "react";
import type { KeptRouting, Routing } from "../../../api/alerting_reads";
import type { Edition } from "../../../api/client";
import { Action } from "../../../forms/action";
import { TextField } from "../../../forms/fields";
import { routing } from "../../../strings/routing";
import { words } from "./lists";
import { useRoutingChange } from "./route_form";

const text = routing.route;
type Times = Routing["time_intervals"][number]["time_intervals"][number];

function place(where: string): string | undefined {
  const parts = where.split(/[.[\]]+/);
  return ["weekdays", "times", "location", "name"].find((name) => parts.includes(name));
}

export function Intervals({ kept }: { kept: Edition<KeptRouting> }): ReactNode {
  const change = useRoutingChange(kept);
  const found = kept.value.routing.time_intervals;
  return (
    <section className="card" aria-labelledby="title-intervals">
      <div className="card-head">
        <h2 id="title-intervals">{text.intervals}</h2>
        <Action
          {...change((values) => (before) => {
            const made: Times = {
              weekdays: words(values["weekdays"]),
              times: words(values["times"]).map((one) => {
                const [start_time = "", end_time = ""] = one.split("-").map((part) => part.trim());
                return { start_time, end_time };
              }),
              days_of_month: [],
              months: [],
              years: [],
              location: values["location"] || "UTC",
            };
            const interval = { name: values["name"] ?? "", time_intervals: [made] };
            return { ...before, time_intervals: [...before.time_intervals, interval] };
          })}
          label={text.addInterval}
          place={place}
        >
          <TextField name="name" label={routing.name} hint={routing.nameHint} required />
          <TextField name="weekdays" label={text.weekdays} hint={text.weekdaysHint} value="monday:friday" />
          <TextField name="times" label={text.times} hint={text.timesHint} value="09:00-17:00" />
          <TextField
            name="location"
            label={text.location}
            required
            value={Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"}
          />
        </Action>
      </div>
      {found.length === 0 ? (
        <p className="quiet">{text.noIntervals}</p>
      ) : (
        <ul className="route-tree">
          {found.map((one, at) => (
            <li key={one.name}>
              <div className="route">
                <p>
                  <b>{one.name}</b>
                  {`: ${one.time_intervals.map(said).join("; ")}`}
                </p>
                <Action
                  {...change(() => (before) => ({
                    ...before,
                    time_intervals: before.time_intervals.filter((_, other) => other !== at),
                  }))}
                  label={routing.remove}
                  title={text.removeInterval(one.name)}
                  tone="danger"
                />
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function said(one: Times): string {
  const times = one.times.map(({ start_time, end_time }) => `${start_time}-${end_time}`);
  const days = [...one.weekdays, ...one.days_of_month, ...one.months, ...one.years];
  return [...days, ...times, one.location].join(", ");
}
