import type { ModelVersion } from "../../api/types";
import { interval, measure, words } from "../../format";

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

/** Shares of all rows that were tested. Of others, such as precision or AUC, the rows alone do not tell the interval. */
const OF_ALL_ROWS = new Set(["accuracy", "error_rate", "misclassification_rate"]);
const Z_95 = 1.959963984540054;

/** On how many rows the metrics of a version were measured; training rows are others. */
export function testedRows(version: ModelVersion): number | null {
  const said = version.metadata?.["evaluation_rows"];
  return typeof said === "number" && Number.isInteger(said) && said > 0 ? said : null;
}

/** A share of so many rows with its 95 % interval by Wilson (1927). */
export function wilson(share: number, rows: number): readonly [low: number, high: number] {
  const z2 = Z_95 ** 2 / rows;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (Z_95 / (1 + z2)) * Math.sqrt((share * (1 - share)) / rows + z2 / (4 * rows));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** The metric with its interval, where it is a share of rows whose number is on record. */
export function withInterval(name: string, version: ModelVersion): string {
  const value = version.metrics?.[name];
  const rows = testedRows(version);
  if (typeof value !== "number" || rows === null || !OF_ALL_ROWS.has(name) || value < 0 || value > 1)
    return metricText(value);
  const [low, high] = wilson(value, rows);
  return interval({ value, low, high });
}
