/** Times in the viewer's zone; the exact time in UTC on hover. */

import { h } from "../dom";
import { ago, moment, type Span, span, utc } from "../format";

export function time(iso: string): HTMLElement {
  return h("time", { datetime: iso, title: utc(iso) }, moment(iso));
}

export function since(iso: string, now = Date.now()): HTMLElement {
  return h("time", { datetime: iso, title: `${moment(iso)} (${utc(iso)})` }, ago(iso, now));
}

export function windowName(window: Span): HTMLElement {
  return h("span", { class: "nowrap", title: `${utc(window.start)} to ${utc(window.end)}` }, span(window));
}
