/** The head of a table: a column a name and, where rows have actions, one without. */
import type { ReactNode } from "react";

export function Heads({
  names,
  actions = false,
}: {
  readonly names: readonly string[];
  readonly actions?: boolean;
}): ReactNode {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th scope="col" key={name}>
            {name}
          </th>
        ))}
        {actions ? <td /> : null}
      </tr>
    </thead>
  );
}
