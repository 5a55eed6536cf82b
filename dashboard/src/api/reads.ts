/** Every read of the API, in one place, with types taken from its OpenAPI description. */

import type { Api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Model = Schemas["RegisteredModel"];
export type Alert = Schemas["Alert"];
export type AlertPage = Schemas["AlertPage"];
export type Evidence = Schemas["Evidence"];
export type EntryPage = Schemas["EntryPage"];
export type LoggedEntry = Schemas["LoggedEntry"];
export type AuditEntry = Schemas["AuditEntry"];
export type FrameworkStatus = Schemas["FrameworkStatus"];
export type Requirement = Schemas["RequirementState"];
export type EvidenceRef = Schemas["EvidenceRef"];
export type BiasReport = Schemas["BiasReport"];
export type AttributeBias = Schemas["AttributeBias"];
export type GroupBias = Schemas["GroupBias"];
export type Estimate = Schemas["Estimate"];
export type Intake = Schemas["Intake"];
export type TimeWindow = Schemas["TimeWindow"];
export type Severity = Schemas["Severity"];
export type DriftReport = Schemas["DriftReport"];
export type DriftHistory = Schemas["DriftHistory"];
export type FeatureDrift = Schemas["FeatureDrift"];
export type FeatureTrend = Schemas["FeatureTrend"];

/** What one concern last said of a model. `state` is a verdict, or the status of its evidence. */
export interface ConcernState {
  readonly state: string;
  readonly summary: string;
  readonly at: string;
}

export interface ModelRow {
  readonly model: Model;
  readonly drift: ConcernState | null;
  readonly quality: ConcernState | null;
  readonly bias: ConcernState | null;
  /** Requirements by state over all frameworks; null: not evaluated yet. */
  readonly compliance: Readonly<Record<string, number>> | null;
  readonly checkedAt: string | null;
  /** The newest window that was judged. */
  readonly newest: TimeWindow | null;
}

export interface Overview {
  readonly rows: readonly ModelRow[];
  readonly alerts: readonly Alert[];
  /** Sources whose models could not be listed, and why. */
  readonly unavailable: Readonly<Record<string, string>>;
}

export interface ModelPage {
  readonly model: Model;
  readonly alerts: readonly Alert[];
  readonly checkedAt: string | null;
  readonly newest: TimeWindow | null;
}

export interface ModelReads {
  summary(): Promise<ModelPage>;
  drift(): Promise<{ latest: DriftReport | null; history: DriftHistory }>;
  report(reportId: string): Promise<DriftReport>;
  trend(feature: string): Promise<FeatureTrend>;
  quality(): Promise<unknown>;
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

export function createReads(api: Api): Reads {
  return {
    overview: () => api.get("/overview"),
    alerts: () => api.get("/alerts"),
    acknowledge: (id) => api.post(`/alerts/${encodeURIComponent(id)}/acknowledge`),
    model: (id) => {
      const base = `/models/${encodeURIComponent(id)}`;
      return {
        summary: () => api.get(base),
        drift: () => api.get(`${base}/drift`),
        report: (report) => api.get(`${base}/drift/${encodeURIComponent(report)}`),
        trend: (feature) => api.get(`${base}/trend`, { feature }),
        quality: () => api.get(`${base}/quality`),
        bias: () => api.get(`${base}/bias`),
        compliance: () => api.get(`${base}/compliance`),
        alerts: () => api.get(`${base}/alerts`),
        activity: () => api.get(`${base}/activity`),
      };
    },
  };
}
