/** How old what is known of a model in another cloud is. Quiet while the clouds meet, plain when they do not. */

import type { Mirror, Standing } from "../api/reads";
import { type Child, h, type Properties } from "../dom";
import { ago, duration } from "../format";
import { cloud } from "../words";
import { aging, since } from "./time";

/** The clouds meet every few minutes; after this long without, the age is worth a word. */
const LATE = 30 * 60_000;

/** "from Azure, 5 minutes ago"; "not heard from Azure for 7 days". Null: the model runs where this is read. */
export function heard(row: Pick<Standing, "model" | "mirroredAt">, now: number): string | null {
  if (row.mirroredAt === null) return null;
  const name = short(row.model.cloud);
  const age = now - Date.parse(row.mirroredAt);
  return age < LATE ? `from ${name}, ${ago(row.mirroredAt, now)}` : `not heard from ${name} for ${duration(age)}`;
}

/** The same, growing older on the page. */
export function mirrored(
  row: Pick<Standing, "model" | "mirroredAt">,
  properties: Properties = { class: "reason" },
): Child {
  return row.mirroredAt === null ? null : aging(h("span", properties), (now) => heard(row, now) ?? "");
}

/** A notice for pages that show mirrored models while their cloud does not answer. */
export function unreached(mirror: Mirror | null): Child {
  if (!mirror?.unavailable) return null;
  return h(
    "div",
    { class: "notice warn", role: "status" },
    h(
      "p",
      {},
      h("b", {}, "Azure is not reached. "),
      mirror.mirrored_at
        ? ["Its models are shown as they were ", since(mirror.mirrored_at), ". "]
        : "It has never been reached. ",
      `Nothing is lost: what it finds meanwhile follows. Reason: ${mirror.unavailable}`,
    ),
  );
}

function short(name: string): string {
  return cloud(name).replace(/ .*/, "");
}
