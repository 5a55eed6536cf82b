/** Which register an alert is about that names no model: `<kind>-<id>`, as the audit trail calls them `<kind>/<id>`. */

import { address } from "../../router";

const REGISTERS: Readonly<Record<string, string>> = {
  incident: "incidents",
  risk: "risks",
  request: "requests",
  vendor: "vendors",
  system: "systems",
  training: "trainings",
  assignment: "assignments",
  policy_document: "policies",
  processing: "processing",
};

const NAMED = new RegExp(`^(${Object.keys(REGISTERS).join("|")})[-/]([0-9a-f]{8,64})$`);

/** The address of the entry that is named; null: it names none. A model may be called `risk-model`, but ends in no such id. */
export function entryAddress(named: string): string | null {
  const [, kind = "", id = ""] = NAMED.exec(named) ?? [];
  const register = REGISTERS[kind];
  return register ? address(["registers", register, id]) : null;
}
