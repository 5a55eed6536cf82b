/** Reads of erasures: often only while one is being planned or done. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Api, answer } from "../../../api/client";
import type { components } from "../../../api/schema";

export type Erasure = components["schemas"]["ErasureErasure"];

const SOON_MS = 4_000;
const moving = ({ state = "planning" }: Erasure): boolean => state === "planning" || state === "applying";

export const erasuresOf = (api: Api) =>
  infiniteQueryOptions({
    queryKey: ["registers", "erasures", "list"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/v1/erasures", { params: { query: { limit: 50, ...(pageParam ? { token: pageParam } : {}) } } }),
      ),
    getNextPageParam: (page) => page.next_token ?? undefined,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.erasures.some(moving) ? SOON_MS : false),
  });

export const erasureOf = (api: Api, erasure_id: string) =>
  queryOptions({
    queryKey: ["registers", "erasures", "entry", erasure_id],
    queryFn: () => answer(api.GET("/api/v1/erasures/{erasure_id}", { params: { path: { erasure_id } } })),
    refetchInterval: ({ state }) => (state.data && moving(state.data) ? SOON_MS : false),
  });

/** Who looks at a plan's objects is in the access log, so they are read when that is asked for. */
export const objectsOf = (api: Api, erasure_id: string) =>
  infiniteQueryOptions({
    queryKey: ["registers", "erasures", "objects", erasure_id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/v1/erasures/{erasure_id}/objects", {
          params: { path: { erasure_id }, query: { limit: 50, ...(pageParam ? { token: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: (page) => page.next_token ?? undefined,
    refetchInterval: false,
  });
