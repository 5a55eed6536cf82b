import type { ModelVersion } from "../../api/types";
import { measure, words } from "../../format";

/** A metric may be no number: "NaN" is said, not hidden. */
export function metricText(value: number | string | undefined): string {
  return typeof value === "number" ? measure(value) : (value ?? "–");
}

export function metricsText(version: ModelVersion): string {
  return Object.entries(version.metrics ?? {})
    .slice(0, 4)
    .map(([name, value]) => `${words(name)} ${metricText(value)}`)
    .join(" · ");
}
