/** Risks as the API has them. */

import type { components, paths } from "../../../api/schema";

type Schemas = components["schemas"];
export type RiskView = Schemas["RiskView"];
export type Levels = Schemas["RiskLevels"];
export type Likelihood = Schemas["RiskLikelihood"];
export type Impact = Schemas["RiskImpact"];
export type Kind = Schemas["RiskKind"];
export type Origin = Schemas["RiskOrigin"];
export type Control = Schemas["RiskControl"];
export type ControlKind = Schemas["RiskControlKind"];
export type RiskCounts = Schemas["RiskCounts"];
export type RiskQuery = NonNullable<paths["/api/v1/risks"]["get"]["parameters"]["query"]>;

export const LIKELIHOODS: readonly Likelihood[] = ["rare", "unlikely", "possible", "likely", "almost_certain"];
export const IMPACTS: readonly Impact[] = ["negligible", "minor", "serious", "major", "catastrophic"];
export const RATINGS = ["low", "medium", "high", "critical", "unknown"] as const;
