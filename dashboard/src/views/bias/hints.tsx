/** What other score thresholds would change: arithmetic that helps to think, with the warning that belongs to it. */

import type { ReactNode } from "react";
import type { Hint } from "../../api/types";
import { counts, isMissing, measure, sentenceCase } from "../../format";
import { bias as text } from "../../strings/bias";
import { measureName } from "../../words";

export function Hints({ found }: { found: readonly Hint[] }): ReactNode {
  if (found.length === 0) return null;
  const notes = [...new Set(found.map((hint) => hint.note))];
  return (
    <details>
      <summary>{text.hints}</summary>
      <div className="stack">
        {notes.map((note) => (
          <p key={note}>
            <b>{note}</b>
          </p>
        ))}
        <ul className="stack">
          {found.map((hint) => (
            <li key={hintText(hint)}>{hintText(hint)}</li>
          ))}
        </ul>
      </div>
    </details>
  );
}

/** The gap is that of the rate behind the measure; the numbers of selected people and the accuracy are of all rows. */
export function hintText(hint: Hint): string {
  const groups = Object.entries(hint.groups).map(([name, group]) => `${name} ${measure(group.threshold)}`);
  const { accuracy_before: before, accuracy_after: after } = hint;
  const accuracy = isMissing(before) || isMissing(after) ? "" : text.accuracy(`${measure(before)} → ${measure(after)}`);
  return text.hint(
    sentenceCase(measureName(hint.metric)),
    groups.join(", "),
    measure(hint.common_threshold),
    `${measure(hint.gap_before)} → ${measure(hint.gap_after)}`,
    `${counts(hint.selections_before, "person", "people")} selected → ${hint.selections_after}${accuracy}`,
  );
}
