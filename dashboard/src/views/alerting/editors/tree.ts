/** The tree of routes as a value: a node by its path, and the tree with one of them changed. Nothing here is shown. */

import type { Route, Routing } from "../../../api/alerting_reads";

/** From the root: the place of each child on the way. */
export type Path = readonly number[];

/** The tree with what `change` makes of the node at a path; undefined takes it away. */
export function withNode(root: Route, path: Path, change: (node: Route) => Route | undefined): Route {
  const [first, ...rest] = path;
  if (first === undefined) return change(root) ?? root;
  const routes = root.routes.flatMap((child, at) => {
    if (at !== first) return [child];
    if (rest.length) return [withNode(child, rest, change)];
    return change(child) ?? [];
  });
  return { ...root, routes };
}

/** The node at a path one place earlier among its siblings: of two that match, the earlier one is asked first. */
export function earlier(root: Route, path: Path): Route {
  const at = path.at(-1) ?? 0;
  return withNode(root, path.slice(0, -1), (parent) => {
    const routes = [...parent.routes];
    const [moved] = routes.splice(at, 1);
    if (moved && at > 0) routes.splice(at - 1, 0, moved);
    return moved && at > 0 ? { ...parent, routes } : parent;
  });
}

/** What the API takes: no field that is not said. */
export function asSent(routing: Routing): Routing {
  return { ...routing, route: bare(routing.route) };
}

function bare(route: Route): Route {
  const said = Object.entries(route).filter(([, value]) => value !== null && value !== undefined);
  return { ...(Object.fromEntries(said) as unknown as Route), routes: route.routes.map(bare) };
}

/** `30m lead`, or `2h lead within office`: one step a line. */
export function readSteps(lines: readonly string[]): Route["escalate"] {
  return lines.map((line) => {
    const [after = "", receiver = "", , within] = line.split(/\s+/);
    return { after, receiver, ...(within ? { within } : {}) };
  });
}

export function writeSteps(steps: Route["escalate"]): string {
  return steps
    .map(({ after, receiver, within }) => `${after} ${receiver}${within ? ` within ${within}` : ""}`)
    .join("\n");
}
