/** What narrows a list: a label with its control. */

import type { ReactNode } from "react";
import type { Options } from "../forms/fields";

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: Options;
  choose(value: string): void;
}

/** An unknown value of the address is shown as it stands, not silently replaced. */
export function Select({ label, value, options, choose }: SelectProps): ReactNode {
  const known = options.some(([option]) => option === value) ? options : [...options, [value, value] as const];
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => choose(event.target.value)}>
        {known.map(([option, shown]) => (
          <option value={option} key={option}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}
