/** What narrows a list: a label with its control. */

import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Options } from "../forms/fields";
import type { Choose, Query } from "../router";
import { strings } from "../strings";

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

const TYPED_MS = 250;

/** A shorter address is still being typed; asking would only be refused. */
export const isAddress = (text: string): boolean => text.length >= 3;
export const isModelId = (text: string): boolean => /^[a-z0-9][a-z0-9._-]{0,127}$/.test(text);

interface TypedProps {
  readonly label: string;
  /** Under which the choice stands in the address. */
  readonly name: string;
  readonly choices: Query;
  readonly choose: Choose;
  /** What may be meant, offered while one types. */
  readonly known?: readonly string[];
  readonly hint?: string;
  /** Whether it is whole: what is not yet is not asked for, and that is said. */
  fits?(text: string): boolean;
}

/** A field whose text is asked for once the person stops typing for a moment. */
export function Typed({ label, name, choices, choose, known, hint, fits }: TypedProps): ReactNode {
  const chosen = choices[name] ?? "";
  const [typed, setTyped] = useState(chosen);
  const own = useRef(chosen);
  const offered = useId();
  useEffect(() => {
    // Changed from elsewhere: a saved view, a button beside it, the address.
    if (chosen !== own.current) {
      own.current = chosen;
      setTyped(chosen);
    }
  }, [chosen]);
  useEffect(() => {
    if (typed.trim() === own.current) return;
    const timer = setTimeout(() => {
      own.current = typed.trim();
      choose({ [name]: typed.trim() || null });
    }, TYPED_MS);
    return () => clearTimeout(timer);
  });
  return (
    <label>
      {label}
      <input
        type="search"
        value={typed}
        autoComplete="off"
        placeholder={hint}
        list={known ? offered : undefined}
        onChange={(event) => setTyped(event.target.value)}
      />
      {fits && chosen && !fits(chosen) ? <small className="quiet">{strings.forms.notWhole}</small> : null}
      {known ? (
        <datalist id={offered}>
          {known.map((one) => (
            <option value={one} key={one} />
          ))}
        </datalist>
      ) : null}
    </label>
  );
}
