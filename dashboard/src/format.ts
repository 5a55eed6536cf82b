/** Numbers, spans and times as people read them. Never more digits than the number deserves. */

import { batchJobs } from "./strings/batch_jobs";

export const NONE = "–";

const trimmed = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
const counted = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function count(value: number): string {
  return Number.isFinite(value) ? counted.format(value) : NONE;
}

/** "1 window", "5 windows". */
export function counts(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A measure such as PSI or a ratio: three figures, at most three decimals, and never a false zero. */
export function measure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 0.0005) return value > 0 ? "<0.001" : ">−0.001";
  return minus(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3));
}

/** A threshold as it was set: 0.25, not 0.250. */
export function setting(value: number | null | undefined): string {
  if (isMissing(value) || !Number.isFinite(value)) return NONE;
  return minus(value !== 0 && Math.abs(value) < 0.0005 ? String(value) : trimmed.format(value));
}

/** A limit of an interval: two decimals are all an interval supports, unless that would round to nothing. */
function limit(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.0005) return value > 0 ? "<0.001" : ">−0.001";
  return minus(Math.abs(value) < 0.095 && value !== 0 ? value.toFixed(3) : value.toFixed(2));
}

export interface Interval {
  readonly value?: number | null | undefined;
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
}

/** "0.795 (0.70–0.90)"; an open upper limit is "no upper limit". */
export function interval(estimate: Interval): string {
  if (estimate.value === null || estimate.value === undefined) return NONE;
  const { low, high } = estimate;
  if (isMissing(low) && isMissing(high)) return measure(estimate.value);
  const from = isMissing(low) ? "…" : limit(low);
  const to = isMissing(high) ? "no upper limit" : limit(high);
  const joint = from.startsWith("−") || to.startsWith("−") ? " to " : "–";
  return `${measure(estimate.value)} (${from}${joint}${to})`;
}

export function isMissing(value: number | null | undefined): value is null | undefined {
  return value === null || value === undefined;
}

/** A share in per cent: one decimal, because the interval says what it is worth. */
export function percent(value: number | null | undefined, decimals = 1): string {
  if (isMissing(value) || !Number.isFinite(value)) return NONE;
  const shown = value * 100;
  // Neither a false nothing nor a false all.
  const least = 10 ** -decimals;
  if (shown !== 0 && Math.abs(shown) < least / 2) return `${shown > 0 ? "<" : ">−"}${least}%`;
  if (shown < 100 && shown >= 100 - least / 2) return `>${(100 - least).toFixed(decimals)}%`;
  return `${minus(shown.toFixed(decimals))}%`;
}

/** A p-value; below one in a million only its size matters. */
export function probability(value: number | null | undefined): string {
  if (isMissing(value) || !Number.isFinite(value)) return NONE;
  if (value < 1e-6) return "<0.000001";
  if (value < 0.001) return value.toPrecision(1).includes("e") ? value.toFixed(6) : value.toPrecision(1);
  return value < 0.1 ? value.toFixed(3) : value.toFixed(2);
}

function minus(text: string): string {
  return text.replace(/^-/, "−");
}

// --- time -------------------------------------------------------------------------------------

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time that is missing or none is no time, and not the year 1970. */
const isTime = (iso: string): boolean => !Number.isNaN(Date.parse(iso));

export function moment(iso: string, zone?: string): string {
  if (!isTime(iso)) return NONE;
  return formatter(
    { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
    zone,
  ).format(new Date(iso));
}

export function utc(iso: string): string {
  return !isTime(iso) ? NONE : `${new Date(iso).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A calendar day: dates of the law and due dates have no time and no zone. */
export function day(iso: string): string {
  return isTime(iso)
    ? formatter({ day: "numeric", month: "short", year: "numeric" }, "UTC").format(new Date(iso))
    : NONE;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions, zone?: string): Intl.DateTimeFormat {
  const key = JSON.stringify([options, zone]);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { ...options, hourCycle: "h23", ...(zone ? { timeZone: zone } : {}) });
  formatters.set(key, made);
  return made;
}

/** "3 minutes ago", "6 years ago". */
export function ago(iso: string, now: number): string {
  const span = now - Date.parse(iso);
  if (Number.isNaN(span)) return NONE;
  if (span < -MINUTE) return "in the future";
  if (span < MINUTE) return "just now";
  return `${duration(span)} ago`;
}

export function duration(ms: number): string {
  if (ms < HOUR) return counts(Math.round(ms / MINUTE), "minute");
  if (ms < 2 * DAY) return counts(Math.round(ms / HOUR), "hour");
  if (ms < 60 * DAY) return counts(Math.round(ms / DAY), "day");
  if (ms < 730 * DAY) return counts(Math.round(ms / (30.44 * DAY)), "month");
  return counts(Math.floor(ms / (365.25 * DAY)), "year");
}

export interface Span {
  readonly start: string;
  readonly end: string;
  /** The batch job whose rows the window holds. */
  readonly job?: string | null;
}

/** A window by its natural name. Whole days, weeks and months are UTC by definition, so they are named in UTC. */
export function span(window: Span, zone?: string): string {
  if (window.job) return batchJobs.named(window.job);
  const start = new Date(window.start);
  const end = new Date(window.end);
  if (!isTime(window.start) || !isTime(window.end)) return NONE;
  if (atMidnight(start) && atMidnight(end)) {
    if (isWholeMonth(start, end)) return formatter({ month: "short", year: "numeric" }, "UTC").format(start);
    const day = formatter({ day: "numeric", month: "short", year: "numeric" }, "UTC");
    const days = Math.round((end.getTime() - start.getTime()) / DAY);
    if (days === 1) return day.format(start);
    return `${day.format(start)} – ${day.format(new Date(end.getTime() - DAY))}`;
  }
  const until = formatter({ hour: "2-digit", minute: "2-digit" }, zone).format(end);
  return `${moment(window.start, zone)} – ${end.getTime() - start.getTime() < DAY ? until : moment(window.end, zone)}`;
}

/** The window a key such as 20190401T000000Z-20190501T000000Z names; null for any other text. */
export function parseWindowKey(text: string): Span | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) return null;
  const iso = (at: number): string => {
    const [year, month, day, hour, minute, second] = parts.slice(at, at + 6);
    return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  };
  return Number.isNaN(Date.parse(iso(1)) + Date.parse(iso(7))) ? null : { start: iso(1), end: iso(7) };
}

function atMidnight(date: Date): boolean {
  return date.getTime() % DAY === 0;
}

function isWholeMonth(start: Date, end: Date): boolean {
  const next = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
  return start.getUTCDate() === 1 && end.getTime() === next;
}

/** A word at the start of a sentence. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const ABBREVIATED: Readonly<Record<string, string>> = { aims: "AI management system:" };

/** A machine's word for people: `not_enough_data` -> "not enough data". */
export function words(name: string): string {
  const spaced = name.replace(/[_.]/g, " ");
  return spaced.replace(/\b(aims|ai|dpia|fria|gdpr|eu)\b/g, (short) => ABBREVIATED[short] ?? short.toUpperCase());
}

/** A place of the API, such as `body.contacts.0.email`, for somebody who sees none of it: its last name, as words. */
export function inWords(where: string): string {
  const parts = where.split(".").filter((part) => /^[a-z_]\w*$/i.test(part) && !PLACES.has(part));
  return sentenceCase(words(parts.at(-1) ?? where));
}

/** Where something was sent, not what. */
const PLACES = new Set(["body", "query", "path", "header", "str"]);

/** The API's own names within a sentence, as words: `the questionnaire ai_act` -> "the questionnaire AI act"; files keep theirs. */
export function plain(said: string): string {
  return sentenceCase(said.replace(/(?<![\w./"=])[a-z]+(?:_[a-z0-9]+)+(?![\w/"=]|\.\w)/g, words));
}

/** "a", "a and b", "a, b and c"; beyond `most`, "a, b and 4 more". */
export function list(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? "";
  if (names.length > most) return `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more`;
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/** "12 kB", "3.4 MB": sizes of files. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  return size < 1_000_000 ? `${Math.round(size / 1000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}
