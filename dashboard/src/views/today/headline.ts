/** The one sentence above everything: what needs attention, and of what nobody can say that it needs none. */

import { untold } from "../../api/standing";
import type { Alert, Overview } from "../../api/types";
import { count, counts } from "../../format";
import { entryAddress } from "../registers/kinds";

type Read = Pick<Overview, "rows" | "more">;

const need = (number: number): string => (number === 1 ? "needs attention" : "need attention");

/** Models of which nothing is known, or not all; one that needs attention anyway is not counted twice. */
function unknown(
  { rows }: Read,
  about: readonly string[],
): { readonly never: number; readonly said: readonly string[] } {
  const never = rows.filter((row) => row.checkedAt === null).length;
  const unsure = rows.filter(
    (row) => row.checkedAt !== null && untold(row).length > 0 && !about.includes(row.model.id),
  ).length;
  const said = [never && `${count(never)} not checked yet`, unsure && `${count(unsure)} not judged in full`];
  return { never, said: said.filter((one) => typeof one === "string") };
}

/** Counted are the models that were read: where there are more, it is said of these alone. An entry of a register is no model. */
export function headline(read: Read, open: readonly Alert[]): string {
  const about = [...new Set(open.map((alert) => alert.model_id))];
  const entries = about.filter((one) => entryAddress(one) !== null).length;
  const others = read.more ? "; there are more models" : "";
  const rest =
    unknown(read, about)
      .said.map((one) => `; ${one}`)
      .join("") + others;
  const besides = entries ? `${counts(entries, "entry", "entries")} of the registers` : "";
  const troubled = about.length - entries;
  if (read.rows.length === 0)
    return `No model is under governance yet${besides ? `; ${besides} ${need(entries)}` : ""}`;
  if (troubled > 0) {
    const of = read.more ? "" : `${count(troubled)} of `;
    const models = counts(read.more ? troubled : read.rows.length, "model");
    return `${of}${models} ${need(troubled)}${besides ? `; ${besides} too` : ""}${rest}`;
  }
  return besides ? `${besides} ${need(entries)}${rest}` : calm(read, others);
}

function calm(read: Read, others: string): string {
  const { never, said } = unknown(read, []);
  const all = read.rows.length;
  if (never === all && !read.more)
    return all === 1 ? "Your model has not been checked yet" : "Your models have not been checked yet";
  const models = read.more ? `the first ${count(all)} models` : counts(all, "model");
  if (said.length) return `Nothing known needs attention; of ${models} ${said.join(" and ")}${others}`;
  if (read.more) return `None of ${models} needs attention now${others}`;
  return all === 1 ? "Your model needs no attention now" : `None of your ${models} needs attention now`;
}
