/** Every read of the dashboard's first pages, in one place: what is asked, and what the page makes of the answer. */

import { infiniteQueryOptions, queryOptions, skipToken } from "@tanstack/react-query";
import { type Api, answer, edition } from "./client";
import type { paths } from "./schema";
import type {
  Alert,
  ApprovalRequest,
  Checked,
  ConcernState,
  ModelDeadline,
  ModelPage,
  ModelStanding,
  Overview,
  Standing,
  TimeWindow,
} from "./types";

const PAGE = 100;
/** Enough for people to read; whoever governs more than this many models filters. */
const MOST_PAGES = 5;
/** While a report is being made. */
const SOON_MS = 4_000;
/** Whoever looks for one model among many types another letter rather than to read more. */
const FOUND = 12;
/** How many windows the drift section shows. */
export const WINDOWS = 24;

interface Paged {
  readonly next_token?: string | null;
}

async function pages<P extends Paged>(read: (token: string | undefined) => Promise<P>): Promise<P[]> {
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
const at = (token: string | undefined): { token?: string } => (token === undefined ? {} : { token });

export type ModelQuery = NonNullable<paths["/api/v1/models"]["get"]["parameters"]["query"]>;

async function alertsOf(api: Api, model?: string): Promise<Alert[]> {
  const found = await pages((token) =>
    answer(
      api.GET("/api/v1/alerts", {
        params: { query: { limit: PAGE, ...(model ? { model_id: model } : {}), ...at(token) } },
      }),
    ),
  );
  return found.flatMap((page) => page.alerts);
}

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
        queryFn: async () =>
          (await answer(api.GET("/api/v1/compliance/remediations", { params: { query: { limit: PAGE } } })))
            .remediations,
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
        queryFn: async () =>
          (await answer(api.GET("/api/v1/compliance/reports", { params: { query: { limit: 50 } } }))).jobs,
        ...(soon ? { refetchInterval: SOON_MS } : {}),
      }),
    audit: (subject: string | null) =>
      infiniteQueryOptions({
        queryKey: ["audit", subject],
        initialPageParam: undefined as string | undefined,
        queryFn: ({ pageParam }) =>
          answer(
            api.GET("/api/v1/audit", {
              params: { query: { limit: PAGE, ...(subject ? { subject } : {}), ...at(pageParam) } },
            }),
          ),
        getNextPageParam: (page) => page.next_token ?? undefined,
      }),
    policies: () =>
      queryOptions({
        queryKey: ["policies"],
        queryFn: async () => (await answer(api.GET("/api/v1/policies"))).policies,
      }),
    /** What the API tells only model by model, for as many models as one page may ask about. */
    pending: (ids: readonly string[]) =>
      queryOptions({
        queryKey: ["pending", ids],
        queryFn: async (): Promise<ApprovalRequest[]> => {
          const found = await Promise.all(
            ids.map((model_id) =>
              answer(
                api.GET("/api/v1/models/{model_id}/approvals", {
                  params: { path: { model_id }, query: { limit: 50 } },
                }),
              ),
            ),
          );
          return found.flatMap((page) => page.requests).filter((one) => one.state === "pending");
        },
      }),
    dates: (ids: readonly string[], days: number) =>
      queryOptions({
        queryKey: ["dates", ids, days],
        queryFn: async (): Promise<ModelDeadline[]> => {
          const found = await Promise.all(
            ids.map(async (model_id) => {
              const path = { model_id };
              const page = await answer(
                api.GET("/api/v1/models/{model_id}/compliance/deadlines", { params: { path, query: { days } } }),
              );
              return page.deadlines.map((one) => ({ ...one, model_id }));
            }),
          );
          return found.flat().sort((one, other) => one.on.localeCompare(other.on));
        },
      }),
    models: (query: ModelQuery) =>
      infiniteQueryOptions({
        queryKey: ["models", query],
        initialPageParam: undefined as string | undefined,
        queryFn: ({ pageParam }) =>
          answer(api.GET("/api/v1/models", { params: { query: { ...query, limit: PAGE, ...at(pageParam) } } })),
        getNextPageParam: (page) => page.next_token ?? undefined,
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

function modelReads(api: Api, id: string, now: () => number) {
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
          return { ...standing(found, now()), alerts };
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
    activity: () =>
      queryOptions({
        queryKey: about("activity"),
        queryFn: async () =>
          (await answer(api.GET("/api/v1/audit", { params: { query: { subject: `model/${id}`, limit: 50 } } })))
            .entries,
      }),
    versions: () =>
      queryOptions({
        queryKey: about("versions"),
        queryFn: () =>
          answer(api.GET("/api/v1/models/{model_id}/versions", { params: { path, query: { limit: PAGE } } })),
      }),
    approvals: () =>
      queryOptions({
        queryKey: about("approvals"),
        queryFn: async () =>
          (await answer(api.GET("/api/v1/models/{model_id}/approvals", { params: { path, query: { limit: 50 } } })))
            .requests,
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
    deployments: () =>
      queryOptions({
        queryKey: about("deployments"),
        queryFn: async () =>
          (await answer(api.GET("/api/v1/models/{model_id}/deployments", { params: { path, query: { limit: 20 } } })))
            .deployments,
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
    deadlines: () =>
      queryOptions({
        queryKey: about("deadlines"),
        queryFn: async () =>
          (
            await answer(
              api.GET("/api/v1/models/{model_id}/compliance/deadlines", { params: { path, query: { days: 730 } } }),
            )
          ).deadlines,
      }),
    classifications: () =>
      queryOptions({
        queryKey: about("classifications"),
        queryFn: async () =>
          (await answer(api.GET("/api/v1/models/{model_id}/classifications", { params: { path } }))).classifications,
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

/** A verdict on data says nothing of how bad it is, nor of the model's own level: the evidence's status does. */
function stateOf(concern: Checked, one: ModelStanding["evidence"][string]): string {
  if (concern !== "quality" || one.status !== "failing") return one.verdict ?? one.status;
  return one.verdict === "issues" ? "faults" : "below_level";
}

const KINDS: Readonly<Record<Checked, string>> = { drift: "drift.run", quality: "quality.run", bias: "bias.run" };

function standing(found: ModelStanding, now: number): Standing {
  const evidence = Object.values(KINDS).flatMap((kind) => found.evidence[kind] ?? []);
  const check = (concern: Checked): ConcernState | null => {
    const one = found.evidence[KINDS[concern]];
    if (!one) return null;
    const expired = one.expires_at !== null && Date.parse(one.expires_at) < now;
    return { state: stateOf(concern, one), summary: one.summary, at: one.produced_at, expired };
  };
  const windows = evidence.flatMap((one) => one.window ?? []).sort((one, other) => one.end.localeCompare(other.end));
  return {
    model: found.model,
    checks: { drift: check("drift"), quality: check("quality"), bias: check("bias") },
    requirements: found.requirements,
    checkedAt:
      evidence
        .map((one) => one.produced_at)
        .sort()
        .at(-1) ?? null,
    newest: windows.at(-1) ?? null,
    mirroredAt: found.mirrored_at ?? null,
  };
}
