/** Whether the API answers nothing at all: then one banner says so, not every panel. */

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { ApiError } from "./api/client";

/** Statuses of an API that is not there; 0: no answer. */
const AWAY = new Set([0, 502, 503, 504]);
/** One read that fails is its own affair. */
const LEAST = 2;

export function isOutage(client: QueryClient): boolean {
  const active = client.getQueryCache().findAll({ type: "active" });
  const away = active.filter(({ state: { error } }) => error instanceof ApiError && AWAY.has(error.status));
  return away.length >= LEAST && away.length === active.length;
}

export function useOutage(): boolean {
  const client = useQueryClient();
  return useSyncExternalStore(
    (told) => client.getQueryCache().subscribe(told),
    () => isOutage(client),
  );
}
