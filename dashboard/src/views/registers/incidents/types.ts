/** Incidents as the API has them. */

import type { components, paths } from "../../../api/schema";

type Schemas = components["schemas"];
export type IncidentView = Schemas["IncidentView"];
export type Assessment = Schemas["IncidentAssessment"];
export type IncidentRole = Schemas["IncidentRole"];
export type IncidentSource = Schemas["IncidentSource"];
export type Harm = Schemas["SeriousHarm"];
export type Recipient = Schemas["IncidentRecipient"];
export type Stage = Schemas["ReportStage"];
export type Measure = Schemas["IncidentMeasure"];
export type IncidentQuery = NonNullable<paths["/api/v1/incidents"]["get"]["parameters"]["query"]>;

export const ROLES: readonly IncidentRole[] = ["provider", "deployer", "controller", "processor"];
export const HARMS: readonly Harm[] = [
  "death",
  "health",
  "infrastructure",
  "fundamental_rights",
  "property_or_environment",
];
export const RECIPIENTS: readonly Recipient[] = [
  "market_surveillance_authority",
  "ai_office",
  "data_protection_authority",
  "provider",
  "deployer",
  "importer",
  "distributor",
  "notified_body",
  "controller",
  "affected_persons",
];
