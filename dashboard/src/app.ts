/** What every view is given. */

import type { Reads } from "./api/reads";
import type { Route } from "./router";
import type { Session } from "./session";

export interface App {
  readonly reads: Reads;
  readonly session: Session;
}

export interface View {
  readonly title: string;
  readonly element: HTMLElement;
  /** Read what the view shows. Called once after it is in the page, and again to refresh. */
  load(): Promise<void>;
  /** The address changed within the same view; false: the view cannot follow and is built anew. */
  follow?(route: Route): boolean;
}
