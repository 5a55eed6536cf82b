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

/** The token of a page, or nothing: an empty parameter would be refused. */
export const at = (token: string | undefined): { token?: string } => (token === undefined ? {} : { token });

export async function alertsOf(api: Api, model?: string): Promise<Alert[]> {
  const found = await pages((token) =>
    answer(
      api.GET("/api/v1/alerts", {
        params: { query: { limit: PAGE, ...(model ? { model_id: model } : {}), ...at(token) } },
      }),
    ),
  );
  return found.flatMap((page) => page.alerts);
}
