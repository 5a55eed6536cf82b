/** What the API's words mean to a person: how they are written and how they look. One table for the whole page. */

/** bad: act. warn: look. unsure: we looked and cannot tell. good: looked, nothing found. off: not looked. */
export type Tone = "bad" | "warn" | "unsure" | "good" | "off";

export interface Word {
  readonly tone: Tone;
  readonly text: string;
}

const WORDS: Readonly<Record<string, Word>> = {
  not_checked: { tone: "off", text: "not checked" },
  // drift
  drift: { tone: "bad", text: "drift" },
  no_drift: { tone: "good", text: "no drift" },
  not_enough_data: { tone: "unsure", text: "not enough data" },
  not_comparable: { tone: "unsure", text: "not comparable" },
  // fairness
  adverse_impact_indicated: { tone: "bad", text: "adverse impact indicated" },
  disparity_indicated: { tone: "bad", text: "disparity indicated" },
  inconclusive: { tone: "unsure", text: "inconclusive" },
  difference_under_threshold: { tone: "warn", text: "real difference, within the threshold" },
  no_indication: { tone: "good", text: "no indication" },
  not_assessable: { tone: "unsure", text: "not assessable" },
  // data and model quality
  sound: { tone: "good", text: "sound" },
  issues: { tone: "warn", text: "small issues" },
  faults: { tone: "bad", text: "faults" },
  below_level: { tone: "bad", text: "below the declared level" },
  meets_level: { tone: "good", text: "meets the declared level" },
  measured: { tone: "off", text: "no level declared" },
  // performance that is expected before labels come
  expected: { tone: "good", text: "as expected" },
  expected_below_level: { tone: "bad", text: "expected below the declared level" },
  contradicted: { tone: "warn", text: "labels say otherwise" },
  outside_reference: { tone: "unsure", text: "outside what was seen before" },
  not_calibrated: { tone: "unsure", text: "scores are no chances" },
  // evidence
  passing: { tone: "good", text: "passing" },
  failing: { tone: "bad", text: "failing" },
  // compliance
  met: { tone: "good", text: "met" },
  not_met: { tone: "bad", text: "not met" },
  insufficient_evidence: { tone: "unsure", text: "not enough evidence" },
  attestation_due: { tone: "warn", text: "signature due" },
  expired: { tone: "warn", text: "expired" },
  not_yet_in_force: { tone: "off", text: "not yet in force" },
  not_applicable: { tone: "off", text: "not applicable" },
  // severities
  critical: { tone: "bad", text: "critical" },
  high: { tone: "bad", text: "high" },
  medium: { tone: "warn", text: "medium" },
  low: { tone: "warn", text: "low" },
  none: { tone: "good", text: "none" },
  // risk levels of the EU AI Act
  risk_minimal: { tone: "good", text: "minimal" },
  risk_limited: { tone: "warn", text: "limited" },
  risk_high: { tone: "warn", text: "high" },
  risk_unacceptable: { tone: "bad", text: "unacceptable" },
  risk_undecided: { tone: "unsure", text: "not decided" },
  // alerts
  open: { tone: "bad", text: "open" },
  acknowledged: { tone: "warn", text: "acknowledged" },
  snoozed: { tone: "off", text: "snoozed" },
  resolved: { tone: "good", text: "resolved" },
  // requests for approval
  pending: { tone: "warn", text: "waits for votes" },
  approved: { tone: "good", text: "approved" },
  rejected: { tone: "bad", text: "rejected" },
  withdrawn: { tone: "off", text: "withdrawn" },
  // deployments
  planned: { tone: "warn", text: "planned" },
  shifting: { tone: "warn", text: "traffic moves" },
  baking: { tone: "warn", text: "under watch" },
  finishing: { tone: "warn", text: "finishing" },
  completed: { tone: "good", text: "completed" },
  returning: { tone: "warn", text: "traffic returns" },
  rolled_back: { tone: "bad", text: "rolled back" },
  cancelled: { tone: "off", text: "cancelled" },
  failed: { tone: "bad", text: "failed" },
  // stages
  development: { tone: "off", text: "development" },
  staging: { tone: "warn", text: "staging" },
  production: { tone: "good", text: "production" },
  archived: { tone: "off", text: "archived" },
  // compliance life
  draft: { tone: "off", text: "draft" },
  under_review: { tone: "warn", text: "under review" },
  retired: { tone: "off", text: "retired" },
  // presence
  present: { tone: "good", text: "running" },
  no_endpoint: { tone: "off", text: "no endpoint" },
  gone: { tone: "off", text: "endpoint is gone" },
  unknown: { tone: "unsure", text: "source unavailable" },
  // reports
  queued: { tone: "warn", text: "queued" },
  running: { tone: "warn", text: "being made" },
  done: { tone: "good", text: "ready" },
  // remedies and frameworks
  in_progress: { tone: "warn", text: "begun" },
  closed: { tone: "good", text: "closed" },
  active: { tone: "good", text: "in force" },
  superseded: { tone: "off", text: "superseded" },
  affirmed: { tone: "good", text: "signed" },
  declined: { tone: "bad", text: "declined" },
};

/** An unknown word is shown as it is and never looks like good news. */
export function word(name: string | null | undefined): Word {
  if (!name) return { tone: "off", text: "not checked" };
  return WORDS[name] ?? { tone: "unsure", text: name.replace(/_/g, " ") };
}

const ORDER: readonly Tone[] = ["bad", "warn", "unsure", "good", "off"];

/** For sorting: what needs a person first. */
export function urgency(tone: Tone): number {
  return ORDER.indexOf(tone);
}

const CLOUDS: Readonly<Record<string, string>> = { aws: "AWS", azure: "Azure", mlflow: "MLflow", other: "other" };

export function cloud(name: string): string {
  return CLOUDS[name] ?? name;
}

const CONCERNS: Readonly<Record<string, string>> = {
  drift: "Drift",
  quality: "Data quality",
  bias: "Fairness",
  compliance: "Compliance",
  discovery: "Discovery",
  registry: "Registry",
  alerting: "Alerts",
  audit: "Audit",
};

export function concern(name: string): string {
  return CONCERNS[name] ?? name;
}

/** What fairness is examined on, by the API's name of the outcome. */
export const OUTCOMES: Readonly<Record<string, { readonly name: string; readonly what: string }>> = {
  prediction: { name: "Prediction", what: "what the model decided" },
  label: { name: "Label", what: "what turned out to be true" },
  score: { name: "Score", what: "whether the model's score is over the median" },
  value: { name: "Value", what: "the number the model predicted" },
};

const MEASURES: Readonly<Record<string, string>> = {
  psi: "PSI",
  ks: "KS distance",
  disparate_impact: "ratio of selection rates",
  demographic_parity_difference: "difference of selection rates",
  equal_opportunity_difference: "difference of true positive rates",
  predictive_parity_difference: "difference of precision",
};

export function measureName(name: string | null | undefined): string {
  if (!name) return "value";
  return MEASURES[name] ?? name.replace(/[_.]/g, " ");
}

const ROLE_NAMES: Readonly<Record<string, string>> = {
  admin: "administrators",
  auditor: "auditors",
  model_owner: "model owners",
  ml_engineer: "ML engineers",
  data_scientist: "data scientists",
  product_owner: "product owners",
  security_officer: "security officers",
  compliance_officer: "compliance officers",
  data_protection_officer: "data protection officers",
  risk_owner: "risk owners",
  independent_auditor: "independent auditors",
};

/** A group of the user pool as people call it, in the plural. */
export function roleName(role: string): string {
  return ROLE_NAMES[role] ?? role.replace(/_/g, " ");
}

const FRAMEWORKS: Readonly<Record<string, string>> = {
  eu_ai_act: "EU AI Act",
  gdpr: "GDPR",
  iso_42001: "ISO/IEC 42001",
  nist_ai_rmf: "NIST AI RMF",
  soc2: "SOC 2",
  nyc_ll144: "NYC LL 144",
  ccpa_admt: "CCPA",
  colorado_sb26_189: "Colorado SB 26-189",
  consumer_credit_directive: "Consumer Credit Directive",
  hipaa: "HIPAA",
  nist_ai_rmf_core: "NIST AI RMF by subcategory",
  nist_ai_600_1: "NIST AI 600-1",
  sox: "SOX",
  sr_26_2: "SR 26-2",
};

/** The short name of a framework where its title has no room. */
export function frameworkName(id: string): string {
  return FRAMEWORKS[id] ?? id.replace(/_/g, " ");
}
