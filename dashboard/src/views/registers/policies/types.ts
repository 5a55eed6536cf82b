/** A policy as the API shows it. */

import type { components } from "../../../api/schema";

export type PolicyKept = components["schemas"]["PolicyView"];
