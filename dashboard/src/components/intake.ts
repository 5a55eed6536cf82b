/** What reading the captured traffic gave: read = used + rejected, with the reasons. */

import type { Intake } from "../api/reads";
import { type Child, h } from "../dom";
import { count, counts, words } from "../format";

export function intakeLine(intake: Intake | null | undefined): Child {
  if (!intake) return null;
  const reasons = Object.entries(intake.reasons ?? {}).filter(([, number]) => number > 0);
  const why = reasons.map(([reason, number]) => `${words(reason)}: ${count(number)}`).join(", ");
  const text = `${counts(intake.read, "record")} read = ${count(intake.used)} used + ${count(intake.rejected)} rejected`;
  return h(
    "p",
    { class: "quiet" },
    `${text}${why ? ` (${why})` : ""}, from ${counts(intake.objects, "captured file")}${rows(intake)}.`,
  );
}

/** A record may hold several rows, or one side of a row: inputs and outputs are then captured apart. */
function rows(intake: Intake): string {
  return intake.rows === intake.used ? "" : `; together ${counts(intake.rows, "row")}`;
}
