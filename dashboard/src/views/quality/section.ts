/** Data quality. */
import { empty } from "../../components/panel";
import type { Child } from "../../dom";

export function qualitySection(_report: unknown): Child {
  return empty(
    "Data quality was not checked yet.",
    "It is checked when a complete window of captured traffic is there.",
  );
}
