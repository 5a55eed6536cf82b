/** The views of the first rank, in the order of the day. */

import { strings } from "../strings";

const text = strings.shell;

export const PLACES = [
  ["/", text.today],
  ["/models", text.models],
  ["/alerts", text.alerts],
  ["/compliance", text.compliance],
  ["/registers", text.registers],
  ["/reports", text.reports],
  ["/audit", text.audit],
  ["/settings", text.settings],
] as const;
