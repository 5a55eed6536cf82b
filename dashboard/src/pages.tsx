/** Which view stands at which address. Each view is a chunk of its own but Today, which is what everybody opens first. */

import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { readQuery, writeQuery } from "./router";
import { PageFailed, PageMissing } from "./shell/fallbacks";
import { Shell } from "./shell/shell";
import { Today } from "./views/today/today";

const root = createRootRoute({ component: Shell, notFoundComponent: PageMissing });

/** Choices in the address are plain text; each view knows which it understands. */
const validateSearch = (search: Record<string, unknown>): Record<string, string> => search as Record<string, string>;

const at = (path: string, component: Parameters<typeof createRoute>[0]["component"]) =>
  createRoute({ getParentRoute: () => root, path, component, validateSearch } as never);

/** `load` gives the component: the view is a chunk that is fetched when it is first opened. */
const view = (path: string, load: () => Promise<() => ReactNode>) =>
  at(
    path,
    lazyRouteComponent(async () => ({ default: await load() })),
  );

const tree = root.addChildren([
  at("/", Today),
  view("/models", async () => (await import("./views/registry/models")).Models),
  view("/models/$id", async () => (await import("./views/model/page")).ModelHome),
  view("/models/$id/trace", async () => (await import("./views/trace/page")).TracePage),
  view("/alerts", async () => (await import("./views/alerting/page")).AlertsPage),
  view("/compliance", async () => (await import("./views/compliance/page")).CompliancePage),
  view("/registers", async () => (await import("./views/registers/page")).RegistersPage),
  view("/registers/$register", async () => (await import("./views/registers/page")).RegistersPage),
  view("/registers/$register/$id", async () => (await import("./views/registers/page")).RegistersPage),
  view("/reports", async () => (await import("./views/reports/page")).Reports),
  view("/audit", async () => (await import("./views/audit/page")).AuditTrail),
  view("/settings", async () => (await import("./views/settings/page")).Settings),
]);

export function createPages(history: RouterHistory = createHashHistory()) {
  return createRouter({
    routeTree: tree,
    history,
    parseSearch: readQuery,
    stringifySearch: writeQuery as never,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: PageMissing,
    defaultPreload: false,
  });
}
