/** Names of bins and windows, and tones of verdicts, as the drift section shows them. */

import type { components } from "../../api/schema";
import type { Bin } from "../../charts/bars";
import type { Span } from "../../format";
import { type Tone, word } from "../../words";

type Histogram = components["schemas"]["Histogram"];

const edge = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

/** Numeric bins are named by their edges, the outer ones open; missing values are a bin of their own. */
export function bins(histogram: Histogram): Bin[] {
  const names = (histogram.labels ?? []).length ? (histogram.labels ?? []) : edgeNames(histogram.edges ?? []);
  const shown = histogram.baseline.map((before, index) => ({
    label: names[index] ?? `bin ${index + 1}`,
    before,
    after: histogram.current[index] ?? 0,
  }));
  const { missing_baseline: before, missing_current: after } = histogram;
  const named = shown.some((bin) => bin.label.toLowerCase() === "missing");
  return before + after > 0 && !named ? [...shown, { label: "missing", before, after }] : shown;
}

function edgeNames(edges: readonly number[]): string[] {
  if (edges.length === 0) return ["all values"];
  const inner = edges.slice(1).map((to, index) => `${edge.format(edges[index] ?? 0)} – ${edge.format(to)}`);
  return [`up to ${edge.format(edges[0] ?? 0)}`, ...inner, `over ${edge.format(edges[edges.length - 1] ?? 0)}`];
}

/** How a cell looks: drift by its severity, everything else by its verdict. */
export function tone(verdict: string, severity: string): Tone {
  return verdict === "drift" ? word(severity).tone : word(verdict).tone;
}

const month = new Intl.DateTimeFormat("en-GB", { month: "short", year: "2-digit", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});
const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", day: "numeric", hourCycle: "h23" });

const DAY = 86_400_000;

/** A window's name short enough for an axis. */
export function shortName(window: Span): string {
  const start = new Date(window.start);
  // Names of jobs are long and alike, and several may run on a day.
  if (window.job) return moment.format(start);
  const length = Date.parse(window.end) - start.getTime();
  return (length > 27 * DAY ? month : length >= DAY ? day : hour).format(start);
}
