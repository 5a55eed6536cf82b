/** Times in the viewer's zone, the exact time in UTC on hover; ages that grow while the page stays open. */

import { h } from "../dom";
import { ago, moment, type Span, span, utc } from "../format";

/** What an element says of an age, by the time it is asked. An unchanged answer is not shown anew, but it gets older. */
const ages = new WeakMap<Element, (now: number) => string>();

/** An element whose text depends on the time; `refreshAges` keeps it true. */
export function aging<E extends Element>(element: E, text: (now: number) => string, now = Date.now()): E {
  element.setAttribute("data-age", "");
  element.textContent = text(now);
  ages.set(element, text);
  return element;
}

/** Write every age within `root` as it is now. */
export function refreshAges(root: ParentNode, now = Date.now()): void {
  for (const element of root.querySelectorAll("[data-age]")) {
    const text = ages.get(element)?.(now);
    if (text !== undefined && text !== element.textContent) element.textContent = text;
  }
}

export function time(iso: string): HTMLElement {
  return h("time", { datetime: iso, title: utc(iso) }, moment(iso));
}

export function since(iso: string): HTMLElement {
  return aging(h("time", { datetime: iso, title: `${moment(iso)} (${utc(iso)})` }), (now) => ago(iso, now));
}

export function windowName(window: Span): HTMLElement {
  return h("span", { class: "nowrap", title: `${utc(window.start)} to ${utc(window.end)}` }, span(window));
}
