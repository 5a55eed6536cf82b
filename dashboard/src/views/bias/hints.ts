/** What other score thresholds would change: arithmetic that helps to think, with the warning that belongs to it. */

import type { Hint } from "../../api/reads";
import { type Child, h } from "../../dom";
import { counts, isMissing, measure, sentenceCase } from "../../format";
import { measureName } from "../../words";

export function hints(found: readonly Hint[]): Child {
  if (found.length === 0) return null;
  const notes = [...new Set(found.map((hint) => hint.note))];
  return h(
    "details",
    {},
    h("summary", {}, "What other thresholds would change"),
    h(
      "div",
      { class: "stack" },
      notes.map((note) => h("p", {}, h("b", {}, note))),
      h(
        "ul",
        { class: "stack" },
        found.map((hint) => h("li", {}, hintText(hint))),
      ),
    ),
  );
}

/** The gap is that of the rate behind the measure; the numbers of selected people and the accuracy are of all rows. */
export function hintText(hint: Hint): string {
  const groups = Object.entries(hint.groups).map(([name, group]) => `${name} ${measure(group.threshold)}`);
  const { accuracy_before: before, accuracy_after: after } = hint;
  const accuracy = isMissing(before) || isMissing(after) ? "" : `, accuracy ${measure(before)} → ${measure(after)}`;
  return (
    `${sentenceCase(measureName(hint.metric))}: with the score thresholds ${groups.join(", ")} instead of ` +
    `${measure(hint.common_threshold)} for all, the largest gap between groups would be ` +
    `${measure(hint.gap_before)} → ${measure(hint.gap_after)}; ` +
    `${counts(hint.selections_before, "person", "people")} selected → ${hint.selections_after}${accuracy}.`
  );
}
