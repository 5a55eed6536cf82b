/** States of requirements, what needs a person first. */

export const STATES = [
  "not_met",
  "insufficient_evidence",
  "expired",
  "attestation_due",
  "met",
  "not_yet_in_force",
  "not_applicable",
] as const;

export type State = (typeof STATES)[number];

/** A compliance state asks something of a person unless it is one of these. */
export const SETTLED: ReadonlySet<string> = new Set(["met", "not_applicable", "not_yet_in_force"]);
