/** Every read of the dashboard, in one place: what is asked, and what the page makes of the answer. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Api, answer } from "./client";
import { modelReads } from "./model_reads";
import { alertsOf, at, listed, PAGE, pages } from "./paging";
import type { paths } from "./schema";
import { standing } from "./standing";
import type { DueSignature, Overview } from "./types";

/** While a report is being made. */
const SOON_MS = 4_000;
/** Whoever looks for one model among many types another letter rather than to read more. */
const FOUND = 12;
/** How often a list is read again, and up to how many pages that is done for nobody's asking. */
const REFRESH_MS = 5 * 60_000;
const FEW_PAGES = 5;
export type ModelQuery = NonNullable<paths["/api/v1/models"]["get"]["parameters"]["query"]>;

export type AuditQuery = NonNullable<paths["/api/v1/audit-logs"]["get"]["parameters"]["query"]>;

export type Reads = ReturnType<typeof createReads>;
export type ModelReads = ReturnType<Reads["model"]>;

/** Keys begin with what they are about, so that a change can call everything about it old. */
export function createReads(api: Api, now: () => number = Date.now) {
  return {
    overview: () =>
      queryOptions({
        queryKey: ["standings"],
        queryFn: async (): Promise<Overview> => {
          const models = await pages((token) =>
            answer(api.GET("/api/v1/dashboard/models", { params: { query: { limit: PAGE, ...at(token) } } })),
          );
          return {
            rows: models.flatMap((page) => page.models).map((one) => standing(one, now())),
            unavailable: models[0]?.unavailable ?? {},
            mirror: models[0]?.mirror ?? null,
            more: Boolean(models.at(-1)?.next_token),
          };
        },
      }),
    alerts: () => queryOptions({ queryKey: ["alerts"], queryFn: () => alertsOf(api) }),
    counts: () => queryOptions({ queryKey: ["counts"], queryFn: () => answer(api.GET("/api/v1/governance/overview")) }),
    remediations: () =>
      queryOptions({
        queryKey: ["remediations"],
        queryFn: () =>
          listed(
            (token) =>
              answer(api.GET("/api/v1/compliance/remediations", { params: { query: { limit: PAGE, ...at(token) } } })),
            (page) => page.remediations,
          ),
      }),
    frameworks: () =>
      queryOptions({
        queryKey: ["frameworks"],
        queryFn: async () => (await answer(api.GET("/api/v1/compliance/frameworks"))).frameworks,
      }),
    /** Where models stand under each framework that is in force. */
    portfolio: (frameworks: readonly string[]) =>
      queryOptions({
        queryKey: ["portfolio", frameworks],
        queryFn: async () => {
          const found = await Promise.all(
            frameworks.map((framework) =>
              answer(api.GET("/api/v1/compliance/status", { params: { query: { framework, limit: PAGE } } })),
            ),
          );
          return {
            statuses: found.flatMap((page) => page.statuses),
            more: found.some((page) => Boolean(page.next_token)),
          };
        },
      }),
    questionnaires: () =>
      queryOptions({
        queryKey: ["questionnaires"],
        queryFn: async () => (await answer(api.GET("/api/v1/compliance/questionnaires"))).questionnaires,
        staleTime: Number.POSITIVE_INFINITY,
      }),
    signed: () =>
      queryOptions({
        queryKey: ["attestations"],
        queryFn: async () => (await answer(api.GET("/api/v1/compliance/attestations"))).attestations,
      }),
    reports: (soon: boolean) =>
      queryOptions({
        queryKey: ["reports"],
        queryFn: async () => {
          const { jobs, next_token } = await answer(
            api.GET("/api/v1/compliance/reports", { params: { query: { limit: 50 } } }),
          );
          return { all: jobs, more: Boolean(next_token) };
        },
        ...(soon ? { refetchInterval: SOON_MS } : {}),
      }),
    /** The trail, newest first. A page may be short, or empty, and yet not be the last one. */
    audit: (wanted: AuditQuery) =>
      infiniteQueryOptions({
        queryKey: ["audit", wanted],
        initialPageParam: undefined as string | undefined,
        queryFn: ({ pageParam }) =>
          answer(api.GET("/api/v1/audit-logs", { params: { query: { ...wanted, limit: PAGE, ...at(pageParam) } } })),
        getNextPageParam: (page) => page.next_token ?? undefined,
      }),
    /** What proves that an entry is in the trail: read when it is asked for, and never again by itself. */
    proof: (index: number) =>
      queryOptions({
        queryKey: ["proof", index],
        queryFn: async () => {
          const [proven, checkpoint] = await Promise.all([
            answer(api.GET("/api/v1/audit-logs/{index}/proof", { params: { path: { index } } })),
            answer(api.GET("/api/v1/audit-logs/checkpoint")),
          ]);
          return { proof: proven.proof, key: checkpoint.key };
        },
        refetchInterval: false,
      }),
    policies: () =>
      queryOptions({
        queryKey: ["policies"],
        queryFn: async () => (await answer(api.GET("/api/v1/policies"))).policies,
      }),
    /** Requests for approval over all models, with the roles in which one may vote. */
    waiting: () =>
      queryOptions({
        queryKey: ["waiting"],
        queryFn: () =>
          listed(
            (token) => answer(api.GET("/api/v1/approvals", { params: { query: { limit: 50, ...at(token) } } })),
            (page) => page.requests,
          ),
      }),
    /** What is to be signed, over all models: what one signs oneself, or what anybody does. */
    signatures: (whose: "mine" | "all") =>
      queryOptions({
        queryKey: ["signatures", whose],
        queryFn: async (): Promise<DueSignature[]> => {
          const found = await pages((token) =>
            answer(
              api.GET("/api/v1/compliance/signatures", { params: { query: { whose, limit: PAGE, ...at(token) } } }),
            ),
          );
          // What is about the organisation stands once in each page.
          const all = found.flatMap((page) => page.signatures);
          return [...new Map(all.map((one) => [`${one.model_id} ${one.topic} ${one.role}`, one])).values()];
        },
      }),
    /** Dates of the law and ends of evidence, of all models, by date. */
    dates: (days: number) =>
      queryOptions({
        queryKey: ["dates", days],
        queryFn: async () => {
          const found = await pages((token) =>
            answer(api.GET("/api/v1/compliance/deadlines", { params: { query: { days, limit: PAGE, ...at(token) } } })),
          );
          const dates = found.flatMap((page) => page.dates).sort((one, other) => one.on.localeCompare(other.on));
          return { dates, more: Boolean(found.at(-1)?.next_token) };
        },
      }),
    framework: (id: string, version: string) =>
      queryOptions({
        queryKey: ["frameworks", id, version],
        queryFn: () =>
          answer(
            api.GET("/api/v1/compliance/frameworks/{framework_id}", {
              params: { path: { framework_id: id }, query: { version } },
            }),
          ),
      }),
    models: (query: ModelQuery) =>
      infiniteQueryOptions({
        queryKey: ["models", query],
        initialPageParam: undefined as string | undefined,
        queryFn: ({ pageParam }) =>
          answer(api.GET("/api/v1/models", { params: { query: { ...query, limit: PAGE, ...at(pageParam) } } })),
        getNextPageParam: (page) => page.next_token ?? undefined,
        // Comparing all pages with what was there, and reading all of them anew, is felt when they are a hundred.
        structuralSharing: false,
        refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > FEW_PAGES ? false : REFRESH_MS),
      }),
    /** The first models whose name begins so; without a beginning, the first of all. */
    find: (begins: string) =>
      queryOptions({
        queryKey: ["models", "find", begins],
        refetchInterval: false,
        queryFn: () =>
          answer(api.GET("/api/v1/models", { params: { query: { limit: FOUND, ...(begins ? { begins } : {}) } } })),
      }),
    model: (id: string) => modelReads(api, id, now),
  };
}
