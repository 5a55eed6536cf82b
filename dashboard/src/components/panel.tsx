/** Places that load: a panel shows that it waits, what it got, that there is nothing, or what went wrong. */

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError, SessionOverError } from "../api/client";
import type { Listed } from "../api/paging";
import { inWords } from "../format";
import { useOutage } from "../outage";
import { strings } from "../strings";
import { Time } from "./time";

const text = strings.panel;

export function reasonOf(error: unknown): string {
  return error instanceof Error && error.message ? error.message : strings.unexpected;
}

/** The lines of what will stand here, so that nothing jumps when it comes. */
export function Waiting({ what, lines = 3 }: { what: string; lines?: number }): ReactNode {
  return (
    <div className="waiting" role="status">
      <p className="visually-hidden">{text.reading(what)}</p>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
        <div className="skeleton" key={line} />
      ))}
    </div>
  );
}

/** What of an address the API does not take: a choice of a link that is old or mistyped. */
const fieldsOf = (error: unknown): string[] =>
  error instanceof ApiError && error.status === 422
    ? [...new Set(error.fields.map(({ where }) => inWords(where)))]
    : [];

function Failure({ what, error, again }: { what: string; error: unknown; again: () => void }): ReactNode {
  return (
    <div className="notice bad" role="alert">
      <p>
        <b>{text.failed(what)}</b>
        {fieldsOf(error).length ? text.unfit(fieldsOf(error)) : reasonOf(error)}
      </p>
      <button type="button" onClick={again}>
        {strings.again}
      </button>
    </div>
  );
}

function Stale({ at, error, again }: { at: number; error: unknown; again: () => void }): ReactNode {
  return (
    <div className="notice warn" role="status">
      <p>
        <b>{text.old}</b>
        {text.asOf}
        <Time at={new Date(at).toISOString()} />
        {text.again(reasonOf(error))}
      </p>
      <button type="button" onClick={again}>
        {strings.again}
      </button>
    </div>
  );
}

/** What an empty place says: why it is empty and what would fill it. */
export function Empty({ what, hint, children }: { what: string; hint?: ReactNode; children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <p>{what}</p>
      {hint ? <p className="quiet">{hint}</p> : null}
      {children}
    </div>
  );
}

/** Below a list of which not all was read. */
export function OnlyFirst({ of: { all, more } }: { of: Listed<unknown> }): ReactNode {
  return more ? <p className="quiet">{text.onlyFirst(all.length)}</p> : null;
}

export function Warnings({ of }: { of: readonly string[] | undefined }): ReactNode {
  return (of ?? []).map((warning) => (
    <div className="notice warn" key={warning}>
      <p>{warning}</p>
    </div>
  ));
}

interface PanelProps<T> {
  /** What is read, in the middle of a sentence: "the alerts". */
  readonly what: string;
  readonly of: Pick<UseQueryResult<T>, "data" | "error" | "isFetching" | "dataUpdatedAt" | "refetch">;
  readonly lines?: number;
  readonly children: (value: T) => ReactNode;
}

/**
 * A panel over one read. While it is read again, and when that fails, what was there stays; an unchanged answer changes
 * nothing on the page, so an automatic refresh takes away neither focus nor an opened detail. A session that is over is
 * for the whole page to handle, and so is an API that answers nothing at all.
 */
export function Panel<T>({ what, of, lines, children }: PanelProps<T>): ReactNode {
  const outage = useOutage();
  const again = (): void => void of.refetch();
  const told = of.error && !(of.error instanceof SessionOverError) && !outage;
  const waits = of.data === undefined && !of.error;
  return (
    <div className="panel" aria-busy={of.isFetching || undefined}>
      {told && of.data !== undefined ? <Stale at={of.dataUpdatedAt} error={of.error} again={again} /> : null}
      {told && of.data === undefined ? <Failure what={what} error={of.error} again={again} /> : null}
      {waits ? <Waiting what={what} {...(lines ? { lines } : {})} /> : null}
      {outage && of.data === undefined ? <p className="quiet">{text.unread(what)}</p> : null}
      {of.data === undefined ? null : children(of.data)}
    </div>
  );
}
