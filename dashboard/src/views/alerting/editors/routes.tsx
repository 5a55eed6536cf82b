/** The tree of routes: whom each tells of what, in which groups, when; each change tried on the past 30 days before it is made. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { alertRoutes, type KeptRouting, type Route, type Routing } from "../../../api/alerting_reads";
import type { Edition } from "../../../api/client";
import { type ChangeRoute, onlyFor, useApp, useMay } from "../../../app";
import { Panel } from "../../../components/panel";
import { Time } from "../../../components/time";
import { Action } from "../../../forms/action";
import { strings } from "../../../strings";
import { routing } from "../../../strings/routing";
import { InhibitRules } from "./inhibit";
import { Intervals } from "./intervals";
import { NodeFields, nodeOf, PLACE, SET, useRoutingChange } from "./route_form";
import { earlier, type Path, withNode } from "./tree";
import { receiverName } from "./tried";

const text = routing.route;
const RESET: ChangeRoute = "DELETE /api/v1/alerts/routes";

export function Routes(): ReactNode {
  const { api } = useApp();
  const kept = useQuery(alertRoutes(api));
  const may = useMay()(SET);
  return (
    <Panel what="the routes" of={kept} lines={6}>
      {(found) => (
        <>
          <section className="card" aria-labelledby="title-routes">
            <div className="card-head">
              <h2 id="title-routes">{routing.routes}</h2>
              {found.value.version && found.value.changed_at ? <Reset etag={found.etag} /> : null}
            </div>
            <p className="quiet">{text.about}</p>
            <p className="quiet">
              <Who kept={found.value} />
            </p>
            {may ? null : <p className="quiet">{onlyFor(SET)}</p>}
            <ul className="route-tree">
              <Node kept={found} node={found.value.routing.route} path={[]} />
            </ul>
          </section>
          <InhibitRules kept={found} />
          <Intervals kept={found} />
        </>
      )}
    </Panel>
  );
}

function Who({ kept }: { kept: KeptRouting }): ReactNode {
  if (!kept.changed_at) return text.standard;
  return (
    <>
      {text.version(kept.version, kept.changed_by ?? strings.none)}
      <Time at={kept.changed_at} />
    </>
  );
}

function Reset({ etag }: { etag: string | null }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route={RESET}
      label={text.reset}
      about={text.resetAbout}
      tone="danger"
      told={text.reset}
      touches={[["alert-routes"]]}
      etag={etag}
      send={(_, headers) => api.DELETE("/api/v1/alerts/routes", { headers })}
    />
  );
}

interface NodeProps {
  readonly kept: Edition<KeptRouting>;
  readonly node: Route;
  readonly path: Path;
  /** Whom the route above tells. */
  readonly above?: string;
}

function Node({ kept, node, path, above }: NodeProps): ReactNode {
  const receiver = node.receiver ?? above ?? "owners";
  return (
    <li>
      <div className="route">
        <div className="words">
          <p>
            <b>{receiverName(receiver)}</b>
            {node.receiver ? null : <span className="quiet">{` (${text.same})`}</span>}
          </p>
          <p>
            {node.matchers.length ? (
              node.matchers.map((one) => <code key={one}>{one}</code>)
            ) : (
              <span className="quiet">{routing.anything}</span>
            )}
          </p>
          <p className="quiet">{details(node).join(" · ")}</p>
        </div>
        <Changes kept={kept} node={node} path={path} receiver={receiverName(receiver)} />
      </div>
      {node.routes.length ? (
        <ul className="route-tree">
          {node.routes.map((child, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a route is what stands at its place
            <Node key={at} kept={kept} node={child} path={[...path, at]} above={receiver} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

/** What a route says beside whom it tells of what. */
function details(node: Route): string[] {
  return [
    node.continue ? text.goesOn : "",
    node.group_by?.length ? text.per(node.group_by.join(", ")) : "",
    node.group_wait ? `${text.wait}: ${node.group_wait}` : "",
    node.group_interval ? `${text.interval}: ${node.group_interval}` : "",
    node.repeat_interval ? `${text.repeat}: ${node.repeat_interval}` : "",
    node.mute_time_intervals.length ? text.quiet(node.mute_time_intervals.join(", ")) : "",
    node.active_time_intervals.length ? text.only(node.active_time_intervals.join(", ")) : "",
    ...node.escalate.map(({ after, receiver, within }) => text.step(after, receiverName(receiver), within ?? null)),
  ].filter(Boolean);
}

function Changes({ kept, node, path, receiver }: NodeProps & { receiver: string }): ReactNode {
  const change = useRoutingChange(kept);
  const at = (make: (one: Route) => Route | undefined) => (before: Routing) => ({
    ...before,
    route: withNode(before.route, path, make),
  });
  return (
    <div className="toolbar">
      <Action
        {...change((values) => at((one) => nodeOf(values, one, path.length === 0)))}
        record={path.join(".")}
        label={routing.edit}
        title={text.edit(receiver)}
        place={PLACE}
      >
        <NodeFields node={node} root={path.length === 0} />
      </Action>
      <Action
        {...change((values) => at((one) => ({ ...one, routes: [...one.routes, nodeOf(values, undefined, false)] })))}
        record={path.join(".")}
        label={text.add}
        title={text.addTitle(receiver)}
        place={PLACE}
      >
        <NodeFields root={false} />
      </Action>
      {(path.at(-1) ?? 0) > 0 ? (
        <Action
          {...change(() => (before) => ({ ...before, route: earlier(before.route, path) }))}
          label={text.up}
          title={`${text.up}: ${receiver}`}
        />
      ) : null}
      {path.length ? (
        <Action
          {...change(() => at(() => undefined))}
          label={routing.remove}
          title={text.removeTitle(receiver)}
          about={text.removeAbout}
          tone="danger"
        />
      ) : null}
    </div>
  );
}
