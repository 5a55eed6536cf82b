/** Every read about one model. */

import { infiniteQueryOptions, queryOptions, skipToken } from "@tanstack/react-query";
import { type Api, answer, edition } from "./client";
import { alertsOf, at, listed, PAGE, pages } from "./paging";
import { standing } from "./standing";
import type { ModelPage, TimeWindow, Versions } from "./types";

/** Who did it, and from when to when. */
export interface Happened {
  readonly actor?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function given({ actor, from, to }: Happened): { actor?: string; from?: string; to?: string } {
  return { ...(actor ? { actor } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

/** How many windows the drift section shows. */
export const WINDOWS = 24;

/** So many days and months are read; the token asks for them in place of windows. */
const PERIODS = 100;
const OLDER = "older.day.";

export function modelReads(api: Api, id: string, now: () => number) {
  const path = { model_id: id };
  const about = (...rest: unknown[]): unknown[] => ["model", id, ...rest];
  return {
    standing: () =>
      queryOptions({
        queryKey: about("standing"),
        queryFn: async (): Promise<ModelPage> => {
          const [found, alerts] = await Promise.all([
            answer(api.GET("/api/v1/dashboard/models/{model_id}", { params: { path } })),
            alertsOf(api, id),
          ]);
          return { ...standing(found, now()), alerts: alerts.all };
        },
      }),
    /** The record itself with its edition, for changing it. */
    record: () =>
      queryOptions({
        queryKey: about("record"),
        queryFn: () => edition(api.GET("/api/v1/models/{model_id}", { params: { path } })),
      }),
    drift: () =>
      queryOptions({
        queryKey: about("drift"),
        queryFn: async () => {
          const [latest, history] = await Promise.all([
            answer(api.GET("/api/v1/models/{model_id}/drift", { params: { path } })),
            answer(api.GET("/api/v1/models/{model_id}/drift/history", { params: { path, query: { limit: WINDOWS } } })),
          ]);
          return { latest, history };
        },
      }),
    /** Which columns carry the newest window's change, and whether answers and quality moved with them. */
    rootCause: () =>
      queryOptions({
        queryKey: about("root-cause"),
        queryFn: () => answer(api.GET("/api/v1/models/{model_id}/drift/root-cause", { params: { path } })),
      }),
    /** The drift report of a window; of none, nothing is asked. */
    report: (window: TimeWindow | null) =>
      queryOptions({
        queryKey: about("drift", window && windowKey(window)),
        queryFn: window
          ? () =>
              answer(
                api.GET("/api/v1/models/{model_id}/drift", { params: { path, query: { window: windowKey(window) } } }),
              )
          : skipToken,
      }),
    quality: () =>
      queryOptions({
        queryKey: about("quality"),
        queryFn: () => answer(api.GET("/api/v1/models/{model_id}/quality", { params: { path } })),
      }),
    /** How the model did in each window, by labels and as it was expected before they came. */
    qualityHistory: () =>
      queryOptions({
        queryKey: about("quality", "history"),
        queryFn: () =>
          answer(api.GET("/api/v1/models/{model_id}/quality/history", { params: { path, query: { limit: WINDOWS } } })),
      }),
    /** Whether drift hurt, window by window. */
    impact: () =>
      queryOptions({
        queryKey: about("impact"),
        queryFn: () =>
          answer(api.GET("/api/v1/models/{model_id}/drift/impact", { params: { path, query: { limit: WINDOWS } } })),
      }),
    biasHistory: (outcome: string) =>
      queryOptions({
        queryKey: about("bias", "history", outcome),
        queryFn: () =>
          answer(
            api.GET("/api/v1/models/{model_id}/bias/history", {
              params: { path, query: { outcome: outcome as "prediction", limit: WINDOWS } },
            }),
          ),
      }),
    /** The newest days, and months before them, that stand for windows whose results are gone. */
    older: (check: "drift" | "quality" | "bias", outcome = "prediction") =>
      queryOptions({
        queryKey: about(check, "older", outcome),
        queryFn: async () => {
          const query = { limit: PERIODS, token: OLDER };
          const asked = { params: { path, query } };
          if (check === "drift") return (await answer(api.GET("/api/v1/models/{model_id}/drift/history", asked))).older;
          if (check === "quality")
            return (await answer(api.GET("/api/v1/models/{model_id}/quality/history", asked))).older;
          const ofOutcome = { params: { path, query: { ...query, outcome: outcome as "prediction" } } };
          return (await answer(api.GET("/api/v1/models/{model_id}/bias/history", ofOutcome))).older;
        },
      }),
    documents: () =>
      queryOptions({
        queryKey: about("documents"),
        queryFn: async () =>
          (await answer(api.GET("/api/v1/models/{model_id}/documents", { params: { path } }))).documents,
      }),
    bias: () =>
      queryOptions({
        queryKey: about("bias"),
        queryFn: async () => (await answer(api.GET("/api/v1/models/{model_id}/bias", { params: { path } }))).reports,
      }),
    compliance: () =>
      queryOptions({
        queryKey: about("compliance"),
        queryFn: async () =>
          (await answer(api.GET("/api/v1/models/{model_id}/compliance", { params: { path } }))).statuses,
      }),
    /** What happened to the model, as the audit trail keeps it, a page at a time. */
    timeline: (wanted: Happened) =>
      infiniteQueryOptions({
        queryKey: about("timeline", wanted),
        initialPageParam: undefined as string | undefined,
        queryFn: ({ pageParam }) =>
          answer(
            api.GET("/api/v1/audit-logs", {
              params: { query: { model: id, limit: 50, ...given(wanted), ...at(pageParam) } },
            }),
          ),
        getNextPageParam: (page) => page.next_token ?? undefined,
      }),
    versions: () =>
      queryOptions({
        queryKey: about("versions"),
        queryFn: async (): Promise<Versions> => {
          const found = await pages((token) =>
            answer(
              api.GET("/api/v1/models/{model_id}/versions", {
                params: { path, query: { limit: PAGE, order: "descending", ...at(token) } },
              }),
            ),
          );
          // Each page has the stages of all.
          return { ...(found.at(-1) as Versions), versions: found.flatMap((page) => page.versions) };
        },
      }),
    approvals: () =>
      queryOptions({
        queryKey: about("approvals"),
        queryFn: () =>
          listed(
            (token) =>
              answer(
                api.GET("/api/v1/models/{model_id}/approvals", {
                  params: { path, query: { limit: 50, ...at(token) } },
                }),
              ),
            (page) => page.requests,
          ),
      }),
    approvalPolicy: () =>
      queryOptions({
        queryKey: about("approval-policy"),
        queryFn: () => answer(api.GET("/api/v1/models/{model_id}/approval-policy", { params: { path } })),
      }),
    gate: (version: string, stage: "staging" | "production") =>
      queryOptions({
        queryKey: about("gate", version, stage),
        queryFn: () =>
          answer(
            api.GET("/api/v1/models/{model_id}/versions/{version}/gate", {
              params: { path: { ...path, version }, query: { stage } },
            }),
          ),
      }),
    /** The model card or the data sheet of a version, as text for people. */
    document: (kind: "card" | "data-sheet", version: string) =>
      queryOptions({
        queryKey: about(kind, version),
        queryFn: () =>
          answer(
            kind === "card"
              ? api.GET("/api/v1/models/{model_id}/versions/{version}/card", {
                  params: { path: { ...path, version }, query: { format: "markdown" } },
                })
              : api.GET("/api/v1/models/{model_id}/versions/{version}/data-sheet", {
                  params: { path: { ...path, version }, query: { format: "markdown" } },
                }),
          ),
      }),
    lineage: (version: string) =>
      queryOptions({
        queryKey: about("lineage", version),
        queryFn: () =>
          answer(
            api.GET("/api/v1/lineage/models/{model_id}/versions/{version}", { params: { path: { ...path, version } } }),
          ),
      }),
    /** What is behind one prediction, looked up in the captured traffic around a time. */
    trace: (prediction: string, at: string) =>
      queryOptions({
        queryKey: about("trace", prediction, at),
        queryFn: () =>
          answer(
            api.GET("/api/v1/lineage/models/{model_id}/predictions/{row_id}", {
              params: { path: { ...path, row_id: prediction }, query: { at } },
            }),
          ),
      }),
    deployments: () =>
      queryOptions({
        queryKey: about("deployments"),
        queryFn: async () => {
          const { deployments, next_token } = await answer(
            api.GET("/api/v1/models/{model_id}/deployments", { params: { path, query: { limit: 20 } } }),
          );
          return { all: deployments, more: Boolean(next_token) };
        },
      }),
    driftPolicy: () =>
      queryOptions({
        queryKey: about("policy", "drift"),
        queryFn: () => edition(api.GET("/api/v1/models/{model_id}/drift/policy", { params: { path } })),
      }),
    biasPolicy: () =>
      queryOptions({
        queryKey: about("policy", "bias"),
        queryFn: () => edition(api.GET("/api/v1/models/{model_id}/bias/policy", { params: { path } })),
      }),
    baseline: () =>
      queryOptions({
        queryKey: about("baseline"),
        queryFn: () => answer(api.GET("/api/v1/models/{model_id}/drift/baseline", { params: { path } })),
      }),
    classifications: () =>
      queryOptions({
        queryKey: about("classifications"),
        queryFn: async () =>
          (await answer(api.GET("/api/v1/models/{model_id}/classifications", { params: { path } }))).classifications,
      }),
    /** What is to be signed about this model, and about the organisation for its sake. */
    signatures: (whose: "mine" | "all") =>
      queryOptions({
        queryKey: about("signatures", whose),
        queryFn: async () =>
          (
            await answer(
              api.GET("/api/v1/models/{model_id}/compliance/signatures", { params: { path, query: { whose } } }),
            )
          ).signatures,
      }),
    attestations: () =>
      queryOptions({
        queryKey: about("attestations"),
        queryFn: async () =>
          (await answer(api.GET("/api/v1/models/{model_id}/attestations", { params: { path } }))).attestations,
      }),
    remediations: () =>
      queryOptions({
        queryKey: about("remediations"),
        queryFn: async () =>
          (await answer(api.GET("/api/v1/models/{model_id}/remediations", { params: { path } }))).remediations,
      }),
  };
}

/** A window's key in the API: 20190401T000000Z-20190501T000000Z. */
export function windowKey(window: TimeWindow): string {
  const compact = (iso: string): string => `${new Date(iso).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
  return `${compact(window.start)}-${compact(window.end)}`;
}
