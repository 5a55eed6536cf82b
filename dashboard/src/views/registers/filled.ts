/** What was filled in, as the API takes it. */

import type { Values } from "../../forms/action";
import type { Options } from "../../forms/fields";

/** Texts that were given; what is left empty is not sent. */
export function given(values: Values, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
}

/** A line each. */
export function lines(text: string | undefined): string[] {
  return (text ?? "")
    .split("\n")
    .map((one) => one.trim())
    .filter(Boolean);
}

export const said = (value: boolean | null | undefined): string => (value == null ? "" : value ? "yes" : "no");

export const named = (names: Readonly<Record<string, string>>): Options => Object.entries(names);

/** The names of options that are words of the API. */
export const namesOf = <T extends string>(options: readonly (readonly [T, string])[]): T[] =>
  options.map(([name]) => name);

/** A place such as `body.settles.0` is about the field `settles`, and so is one that the API gives without `body`. */
export function toField(where: string): string | undefined {
  return where.replace(/^body\./, "").replace(/[.[]\d+.*$/, "");
}

export const NO_COUNTS = { by_state: {}, by_urgency: {}, whole: true };
