/** What reading the captured traffic gave: read = used + rejected, with the reasons. */

import type { ReactNode } from "react";
import type { Intake } from "../api/types";
import { count, counts, words } from "../format";

export function IntakeLine({ intake }: { intake: Intake | null | undefined }): ReactNode {
  if (!intake) return null;
  return <p className="quiet">{intakeText(intake)}</p>;
}

/** Read, used and rejected with the first reasons, and what could be read on one side only. */
export function intakeText(intake: Intake): string {
  const text = `${counts(intake.read, "record")} read = ${count(intake.used)} used + ${count(intake.rejected)} rejected`;
  const partial = intake.partial
    ? ` Of ${count(intake.partial)} of those used only one side could be read${why(intake.partial_reasons, intake)}.`
    : "";
  return `${text}${why(intake.reasons, intake)}, from ${counts(intake.objects, "captured file")}${rows(intake)}.${partial}`;
}

const FIRST = 3;

function why(reasons: Intake["reasons"], intake: Intake): string {
  const ranked = Object.entries(reasons ?? {})
    .filter(([, number]) => number > 0)
    .sort(([, one], [, other]) => other - one);
  const said = ranked.slice(0, FIRST).map(([reason, number]) => {
    const example = intake.examples?.[reason];
    return `${words(reason)}: ${count(number)}${example ? `, ${example}` : ""}`;
  });
  const more = ranked.slice(FIRST).reduce((sum, [, number]) => sum + number, 0);
  if (more) said.push(`other reasons: ${count(more)}`);
  return said.length ? ` (${said.join("; ")})` : "";
}

/** A record may hold several rows, or one side of a row: inputs and outputs are then captured apart. */
function rows(intake: Intake): string {
  return intake.rows === intake.used ? "" : `; together ${counts(intake.rows, "row")}`;
}
