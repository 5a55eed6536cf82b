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
    `${text}${why ? ` (${why})` : ""}, from ${counts(intake.objects, "captured file")}; ${counts(intake.rows, "row")}.`,
  );
}
