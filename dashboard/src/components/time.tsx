/** Times in the viewer's zone, the exact time in UTC on hover; ages that grow while the page stays open. */

import { type ReactNode, useSyncExternalStore } from "react";
import { ago, moment, type Span, span, utc } from "../format";

const EVERY_MS = 30_000;
const watching = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(told: () => void): () => void {
  watching.add(told);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of watching) one();
  }, EVERY_MS);
  return () => {
    watching.delete(told);
    if (watching.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time now, to half a minute: an unchanged answer is not read anew, but it gets older. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => (watching.size ? now : Math.floor(Date.now() / EVERY_MS) * EVERY_MS));
}

export function Time({ at }: { at: string }): ReactNode {
  return (
    <time dateTime={at} title={utc(at)}>
      {moment(at)}
    </time>
  );
}

export function Since({ at }: { at: string }): ReactNode {
  return (
    <time dateTime={at} title={`${moment(at)} (${utc(at)})`}>
      {ago(at, useNow())}
    </time>
  );
}

export function WindowName({ window }: { window: Span }): ReactNode {
  return (
    <span className={window.job ? "breaks" : "nowrap"} title={`${utc(window.start)} to ${utc(window.end)}`}>
      {span(window)}
    </span>
  );
}
