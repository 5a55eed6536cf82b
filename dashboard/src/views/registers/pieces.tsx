/** What the pages of several registers show alike. */

import type { ReactNode } from "react";
import { Icon } from "../../components/state";
import { plain } from "../../format";
import { TextField } from "../../forms/fields";
import { kept as text } from "../../strings/kept";

/** What is still to be said or done, each in a line, with what it rests on below. */
export function Missing({
  of,
  complete,
}: {
  of: readonly (readonly [what: string, law?: string])[];
  complete?: string;
}): ReactNode {
  if (of.length === 0) return complete ? <p className="quiet">{complete}</p> : null;
  return (
    <div className="stack tight">
      <h3>{text.missing}</h3>
      <ul className="checks">
        {of.map(([what, law]) => (
          <li key={`${what} ${law}`}>
            <Icon tone="unsure" />
            <p>
              {plain(what)}
              {law ? <span className="reason">{law}</span> : null}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function NextReview(): ReactNode {
  return <TextField name="next_review" label={text.nextReview} type="date" required />;
}
