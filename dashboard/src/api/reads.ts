/** Every read of the API, in one place, with types taken from its OpenAPI description. */

import type { Api, Query } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Model = Schemas["RegisteredModel"];
export type Alert = Schemas["Alert"];
export type AlertPage = Schemas["AlertPage"];
export type EntryPage = Schemas["EntryPage"];
export type LoggedEntry = Schemas["LoggedEntry"];
export type AuditEntry = Schemas["AuditEntry"];
export type FrameworkStatus = Schemas["FrameworkStatus"];
export type Requirement = Schemas["RequirementState"];
export type EvidenceRef = Schemas["EvidenceRef"];
export type BiasReport = Schemas["BiasReport"];
export type AttributeBias = Schemas["AttributeBias"];
export type GroupBias = Schemas["GroupBias"];
export type Estimate = Schemas["BiasEstimate"];
export type Hint = Schemas["Hint"];
export type Intake = Schemas["Intake"];
export type TimeWindow = Schemas["TimeWindow"];
export type Severity = Schemas["Severity"];
export type DriftReport = Schemas["DriftReport"];
export type DriftHistory = Schemas["DriftHistory"];
export type FeatureDrift = Schemas["FeatureDrift"];

export type QualityReport = Schemas["QualityReport"];
export type Performance = Schemas["Performance"];
export type ModelStanding = Schemas["ModelStanding"];
export type Mirror = Schemas["MirrorState"];

/** What one concern last said of a model. `state` is a verdict, or the status of its evidence. */
export interface ConcernState {
  readonly state: string;
  readonly summary: string;
  readonly at: string;
  readonly expired: boolean;
}

export type Checked = "drift" | "quality" | "bias";

/** Where a model stands, as its row and the top of its page show it. */
export interface Standing {
  readonly model: Model;
  readonly checks: Readonly<Record<Checked, ConcernState | null>>;
  /** Requirements by state over all frameworks; null: not evaluated yet. */
  readonly requirements: Readonly<Record<string, number>> | null;
  readonly checkedAt: string | null;
  /** The newest window that was judged. */
  readonly newest: TimeWindow | null;
  /** When the model's own cloud was last heard; null: the model runs where this is read. */
  readonly mirroredAt: string | null;
}

export interface Overview {
  readonly rows: readonly Standing[];
  readonly alerts: readonly Alert[];
  /** Sources whose models could not be listed, and why. */
  readonly unavailable: Readonly<Record<string, string>>;
  /** The other cloud; null: there is none. */
  readonly mirror: Mirror | null;
  /** Whether there are more models than are shown. */
  readonly more: boolean;
}

export interface ModelPage extends Standing {
  readonly alerts: readonly Alert[];
}

export interface DriftData {
  readonly latest: DriftReport;
  readonly history: DriftHistory;
}

export interface ModelReads {
  summary(): Promise<ModelPage>;
  drift(): Promise<DriftData | null>;
  report(window: TimeWindow): Promise<DriftReport>;
  quality(): Promise<QualityReport | null>;
  bias(): Promise<readonly BiasReport[]>;
  compliance(): Promise<readonly FrameworkStatus[]>;
  alerts(): Promise<readonly Alert[]>;
  activity(): Promise<readonly LoggedEntry[]>;
}

export interface Reads {
  overview(): Promise<Overview>;
  alerts(): Promise<readonly Alert[]>;
  acknowledge(alertId: string): Promise<void>;
  model(id: string): ModelReads;
}

const PAGE = 100;
/** Enough for people to read; whoever governs more than this many models filters. */
const MOST_PAGES = 5;

interface Paged {
  readonly next_token?: string | null;
}

export function createReads(api: Api, now: () => number = Date.now): Reads {
  const pages = async <P extends Paged>(path: string, query: Query): Promise<P[]> => {
    const found: P[] = [];
    let token: string | null = null;
    do {
      const page: P = await api.get<P>(path, { ...query, limit: PAGE, token });
      found.push(page);
      token = page.next_token ?? null;
    } while (token !== null && found.length < MOST_PAGES);
    return found;
  };
  const alertsOf = async (model: string | null): Promise<Alert[]> =>
    (await pages<AlertPage>("/alerts", { model_id: model })).flatMap((page) => page.alerts);

  return {
    overview: async () => {
      const [models, alerts] = await Promise.all([
        pages<Schemas["ModelStandings"]>("/dashboard/models", {}),
        alertsOf(null),
      ]);
      return {
        rows: models.flatMap((page) => page.models).map((one) => standing(one, now())),
        alerts,
        unavailable: models[0]?.unavailable ?? {},
        mirror: models[0]?.mirror ?? null,
        more: Boolean(models.at(-1)?.next_token),
      };
    },
    alerts: () => alertsOf(null),
    acknowledge: (id) => api.patch(`/alerts/${encodeURIComponent(id)}`, { note: "" }),
    model: (id) => modelReads(api, id, () => alertsOf(id), now),
  };
}

/** Sections of one page share what they all need: where the model stands, and its alerts. */
function modelReads(api: Api, id: string, readAlerts: () => Promise<Alert[]>, now: () => number): ModelReads {
  const base = `/models/${encodeURIComponent(id)}`;
  const where = shared(() => api.get<ModelStanding>(`/dashboard${base}`));
  const alerts = shared(readAlerts);
  /** Asks only for reports that there are: a model that was never checked is no error. */
  const ifChecked = async <T>(kind: string, read: () => Promise<T>): Promise<T | null> =>
    (await where()).evidence[kind] ? read() : null;
  return {
    summary: async () => {
      const [found, raised] = await Promise.all([where(), alerts()]);
      return { ...standing(found, now()), alerts: raised };
    },
    drift: () =>
      ifChecked("drift.run", async () => {
        const [latest, history] = await Promise.all([
          api.get<DriftReport>(`${base}/drift`),
          api.get<DriftHistory>(`${base}/drift/history`, { limit: WINDOWS }),
        ]);
        return { latest, history };
      }),
    report: (window) => api.get(`${base}/drift`, { window: windowKey(window) }),
    quality: () => ifChecked("quality.run", () => api.get<QualityReport>(`${base}/quality`)),
    bias: async () =>
      (await ifChecked("bias.run", () => api.get<Schemas["BiasReports"]>(`${base}/bias`)))?.reports ?? [],
    compliance: async () => (await api.get<Schemas["FrameworkStatuses"]>(`${base}/compliance`)).statuses,
    alerts,
    activity: async () => (await api.get<EntryPage>("/audit", { subject: `model/${id}`, limit: 50 })).entries,
  };
}

/** How many windows the drift section shows. */
export const WINDOWS = 24;

const SHARED_MS = 1_000;

/** One request for all who ask within a second. */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | null = null;
  return () => {
    const at = performance.now();
    if (last === null || at - last.at > SHARED_MS) last = { at, value: read() };
    return last.value;
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
