/** What every view is given: the API, its reads, and the person who signed in. */

import { createContext, useContext } from "react";
import type { Api } from "./api/client";
import type { Reads } from "./api/reads";
import { ROLES } from "./api/roles";
import type { Session } from "./session";
import { roleName } from "./words";

export interface App {
  readonly api: Api;
  readonly reads: Reads;
  readonly session: Session;
  signOut(): void;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error("a view stands outside the application");
  return app;
}

/** A change by its method and path, as the API's description names it. */
export type ChangeRoute = keyof typeof ROLES;

/** Nobody's, where the route is none that this page knows: a newer API may tell of more steps than it has forms for. */
export function rolesFor(route: ChangeRoute): string[] {
  return (ROLES[route] ?? "").split(" ").filter(Boolean);
}

/** Whether the person's groups are among those that may make a change. It only saves a refusal: the API decides. */
export function may(groups: readonly string[], route: ChangeRoute): boolean {
  return rolesFor(route).some((role) => groups.includes(role));
}

export function useMay(): (route: ChangeRoute) => boolean {
  const { groups } = useApp().session.person;
  return (route) => may(groups, route);
}

/** "This is for an admin or a model owner." */
export function onlyFor(route: ChangeRoute): string {
  const names = rolesFor(route).map(roleName);
  const last = names.pop() ?? "nobody";
  return `This is for ${names.length ? `${names.join(", ")} or ${last}` : last}.`;
}
