/** A processing activity as the API shows it. */

import type { components } from "../../../api/schema";

export type ProcessingKept = components["schemas"]["ProcessingView"];
