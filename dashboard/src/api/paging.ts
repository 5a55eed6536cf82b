/** Reading lists page by page. */

import { type Api, answer } from "./client";
import type { Alert } from "./types";

/** The most that the API gives at once. */
export const PAGE = 100;
/** Enough for people to read; whoever governs more than this many models filters. */
const MOST_PAGES = 5;

interface Paged {
  readonly next_token?: string | null;
}

export async function pages<P extends Paged>(read: (token: string | undefined) => Promise<P>): Promise<P[]> {
  const found: P[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    found.push(page);
    token = page.next_token ?? undefined;
  } while (token !== undefined && found.length < MOST_PAGES);
  return found;
}

export interface Listed<T> {
  readonly all: readonly T[];
  /** These are the first: there are others that were not read. */
  readonly more: boolean;
}

/** The items of all pages that are read. */
export async function listed<P extends Paged, T>(
  read: (token: string | undefined) => Promise<P>,
  items: (page: P) => readonly T[],
): Promise<Listed<T>> {
  const found = await pages(read);
  return { all: found.flatMap(items), more: Boolean(found.at(-1)?.next_token) };
}

/** The token of a page, or nothing: an empty parameter would be refused. */
export const at = (token: string | undefined): { token?: string } => (token === undefined ? {} : { token });

/** The worst first, those that are resolved last. */
export const alertsOf = (api: Api, model?: string): Promise<Listed<Alert>> =>
  listed(
    (token) =>
      answer(
        api.GET("/api/v1/alerts", {
          params: { query: { limit: PAGE, ...(model ? { model_id: model } : {}), ...at(token) } },
        }),
      ),
    (page) => page.alerts,
  );
