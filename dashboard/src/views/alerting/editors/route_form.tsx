/** Changing the routing: the fields of a route, and sending the whole of it as it was seen, with one thing changed. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type KeptRouting, type Route, type Routing, receivers } from "../../../api/alerting_reads";
import { answer, type Edition } from "../../../api/client";
import { type ChangeRoute, useApp } from "../../../app";
import type { ActionProps, Values } from "../../../forms/action";
import { ChoiceField, LongField, TextField } from "../../../forms/fields";
import { routing } from "../../../strings/routing";
import { lines, words } from "./lists";
import { asSent, readSteps, writeSteps } from "./tree";
import { receiverName, ToldList } from "./tried";

const text = routing.route;
export const SET: ChangeRoute = "PUT /api/v1/alerts/routes";
const FIELDS = [
  "receiver",
  "matchers",
  "continue",
  "group_by",
  "group_wait",
  "group_interval",
  "repeat_interval",
  "mute_time_intervals",
  "active_time_intervals",
  "escalate",
] as const;

/** The API names a field by its way through the tree; the form has one node. */
export function PLACE(where: string): string | undefined {
  const parts = where.split(/[.[\]]+/);
  return FIELDS.find((name) => name !== "receiver" && parts.includes(name)) ?? parts.find((one) => one === "receiver");
}

type Make = (values: Values) => (before: Routing) => Routing;
type Shared = Pick<ActionProps, "route" | "told" | "touches" | "confirm" | "etag" | "trial" | "send">;

/** What every change of the routing has: sent with the edition that was seen, and tried on the past 30 days before. */
export function useRoutingChange(kept: Edition<KeptRouting>): (make: Make) => Shared {
  const { api } = useApp();
  return (make) => {
    const wanted = (values: Values): Routing => asSent(make(values)(kept.value.routing));
    return {
      route: SET,
      told: routing.saved(routing.routes),
      touches: [["alert-routes"]],
      confirm: routing.save,
      etag: kept.etag,
      trial: {
        label: routing.tryIt,
        run: async (values) => {
          const body = { routing: wanted(values) };
          const tried = await answer(api.POST("/api/v1/alerts/routes/dry-run", { body }));
          if (tried.alerts === 0) return <p>{routing.noAlerts}</p>;
          return (
            <>
              <ToldList told={tried.receivers} />
              <p>{routing.untold(tried.untold, tried.alerts)}</p>
            </>
          );
        },
      },
      send: (values, headers) => api.PUT("/api/v1/alerts/routes", { body: wanted(values), headers }),
    };
  };
}

/** The root matches everything and has no siblings, so some fields have no meaning there. */
export function NodeFields({ node, root }: { node?: Route; root: boolean }): ReactNode {
  const { api } = useApp();
  const known = useQuery(receivers(api));
  const names = ["owners", ...(known.data ?? []).map(({ name }) => name)];
  const given = node?.receiver ?? "";
  const options = [...new Set([...(root ? [] : [""]), ...names, given])].filter((name) => name || !root);
  const hint = text.lengthHint;
  return (
    <>
      <ChoiceField
        key={options.length}
        name="receiver"
        label={text.tells}
        required={root}
        says
        value={given}
        options={options.map((name) => [name, name ? receiverName(name) : text.same] as const)}
      />
      {root ? null : (
        <>
          <LongField
            name="matchers"
            label={routing.matchers}
            hint={routing.matchersHint}
            rows={2}
            value={node?.matchers.join("\n") ?? ""}
          />
          <ChoiceField
            name="continue"
            label={text.continue}
            required
            value={node?.continue ? "yes" : "no"}
            options={[
              ["no", text.no],
              ["yes", text.yes],
            ]}
          />
        </>
      )}
      <TextField
        name="group_by"
        label={text.groupBy}
        hint={text.groupByHint}
        value={node?.group_by?.join(", ") ?? ""}
      />
      <TextField name="group_wait" label={text.wait} hint={hint} value={node?.group_wait ?? ""} />
      <TextField name="group_interval" label={text.interval} hint={hint} value={node?.group_interval ?? ""} />
      <TextField
        name="repeat_interval"
        label={text.repeat}
        hint={text.repeatHint}
        value={node?.repeat_interval ?? ""}
      />
      {root ? null : (
        <>
          <TextField
            name="mute_time_intervals"
            label={text.mute}
            hint={text.intervalsHint}
            value={node?.mute_time_intervals.join(", ") ?? ""}
          />
          <TextField
            name="active_time_intervals"
            label={text.active}
            hint={text.intervalsHint}
            value={node?.active_time_intervals.join(", ") ?? ""}
          />
        </>
      )}
      <LongField
        name="escalate"
        label={text.escalate}
        hint={text.escalateHint}
        rows={2}
        value={writeSteps(node?.escalate ?? [])}
      />
    </>
  );
}

/** The node that was filled in; what the form does not have stays as it was. */
export function nodeOf(values: Values, before: Route | undefined, root: boolean): Route {
  const grouped = words(values["group_by"]);
  return {
    receiver: values["receiver"] || null,
    matchers: root ? [] : lines(values["matchers"]),
    continue: !root && values["continue"] === "yes",
    // An empty list is one group for everything, which only a file can say: what is not said is as above.
    group_by: grouped.length ? grouped : before?.group_by?.length === 0 ? [] : null,
    group_wait: values["group_wait"] || null,
    group_interval: values["group_interval"] || null,
    repeat_interval: values["repeat_interval"] || null,
    mute_time_intervals: root ? [] : words(values["mute_time_intervals"]),
    active_time_intervals: root ? [] : words(values["active_time_intervals"]),
    escalate: readSteps(lines(values["escalate"])),
    routes: before?.routes ?? [],
  };
}
