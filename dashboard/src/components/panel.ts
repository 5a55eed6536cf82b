/** Places that load: a panel shows that it waits, what it got, that there is nothing, or what went wrong. */

import { SessionOverError } from "../api/client";
import { type Child, h, replace } from "../dom";
import { time } from "./time";

export interface Panel {
  readonly element: HTMLElement;
  /** Load (again). While loading again, and when that fails, what was there stays. */
  load(): Promise<void>;
}

export function waiting(what: string): HTMLElement {
  return h("p", { class: "waiting", role: "status" }, `Reading ${what} …`);
}

function reason(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "Something unexpected happened.";
}

function failure(what: string, error: unknown, again: () => void): HTMLElement {
  return h(
    "div",
    { class: "notice bad", role: "alert" },
    h("p", {}, h("b", {}, `Could not read ${what}. `), reason(error)),
    h("button", { type: "button", onClick: again }, "Try again"),
  );
}

function stale(asOf: string, error: unknown, again: () => void): HTMLElement {
  return h(
    "div",
    { class: "notice warn", role: "status" },
    h(
      "p",
      {},
      h("b", {}, "Not up to date. "),
      "This is as of ",
      time(asOf),
      `; reading it again failed: ${reason(error)}`,
    ),
    h("button", { type: "button", onClick: again }, "Try again"),
  );
}

/** What an empty place says: why it is empty and what would fill it. */
export function empty(what: string, hint: Child = null): HTMLElement {
  return h("div", { class: "empty" }, h("p", {}, what), hint ? h("p", { class: "quiet" }, hint) : null);
}

/**
 * A panel that reads `read` and shows it by `show`.
 *
 * An unchanged answer changes nothing on the page, so an automatic refresh takes away neither focus nor an opened
 * detail. A session that is over is for the whole page to handle.
 */
export function panel<T>(what: string, read: () => Promise<T>, show: (value: T) => Child): Panel {
  const notice = h("div", {});
  const content = h("div", { class: "panel" }, waiting(what));
  const element = h("div", { class: "panel" }, notice, content);
  let shown: { readonly text: string; readonly at: string } | null = null;
  const load = async (): Promise<void> => {
    element.setAttribute("aria-busy", "true");
    try {
      const value = await read();
      const text = JSON.stringify(value);
      if (text !== shown?.text) replace(content, show(value));
      shown = { text, at: new Date().toISOString() };
      replace(notice);
    } catch (error) {
      if (error instanceof SessionOverError) throw error;
      const again = (): void => void load();
      if (shown) replace(notice, stale(shown.at, error, again));
      else replace(content, failure(what, error, again));
    } finally {
      element.removeAttribute("aria-busy");
    }
  };
  return { element, load };
}
