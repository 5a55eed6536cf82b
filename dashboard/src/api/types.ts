/** What the API answers, by the names of its OpenAPI description, and what the page makes of it. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Model = Schemas["RegisteredModel"];
export type Alert = Schemas["Alert"];
export type AlertChange = Schemas["AlertChange"];
export type Member = Schemas["Member"];
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
export type OlderPeriods = Schemas["OlderPeriods"];
export type Impact = Schemas["Impact"];
export type ImpactHistory = Schemas["ImpactHistory"];
export type QualityHistory = Schemas["QualityHistory"];
export type Slices = Schemas["Slices"];
export type BiasHistory = Schemas["BiasHistory"];
export type Judgement = Schemas["BiasJudgement"];
export type DocumentRecord = Schemas["DocumentRecord"];
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

export type ShownModel = Schemas["ShownModel"];
export type NewModel = Schemas["NewModel"];
export type ModelChanges = Schemas["ModelChanges"];
export type ModelVersion = Schemas["ModelVersion"];
export type Versions = Schemas["Versions"];
export type Stage = Schemas["Stage"];
export type GateResult = Schemas["GateResult"];
export type Condition = Schemas["Condition"];
export type ApprovalRequest = Schemas["ApprovalRequest"];
export type DueSignature = Schemas["DueSignature"];
export type LegalDate = Schemas["LegalDate"];
export type Validation = Schemas["Validation"];
export type WaitingRequest = Schemas["WaitingRequest"];
export type Lineage = Schemas["Lineage"];
export type Deployment = Schemas["Deployment"];
export type Remediation = Schemas["Remediation"];
export type ReportJob = Schemas["ReportJob"];
export type QuestionnaireForm = Schemas["QuestionnaireForm"];
export type Classification = Schemas["Classification"];
export type Attestation = Schemas["Attestation"];
export type FrameworkSummary = Schemas["FrameworkSummary"];
export type ModelStatus = Schemas["ModelStatus"];
export type DriftPolicy = Schemas["DriftPolicy"];
export type BiasPolicy = Schemas["BiasPolicy"];
export type ApprovalPolicy = Schemas["ApprovalPolicy"];
export type BaselineInfo = Schemas["BaselineInfo"];
export type RootCause = Schemas["RootCause"];
export type Counts = Schemas["Overview"];
