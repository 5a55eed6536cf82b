/** Fields that the forms of several registers have. */

import { type ReactNode, useContext } from "react";
import { sentenceCase, words } from "../../format";
import type { Values } from "../../forms/action";
import { ChoiceField, FieldErrors, type Options } from "../../forms/fields";
import { registers as text } from "../../strings/registers";

/** The words of the API as options; `said` where they are no words for people. */
export const options = (names: readonly string[], said: Readonly<Record<string, string>> = {}): Options =>
  names.map((name) => [name, said[name] ?? sentenceCase(words(name))] as const);

interface ManyProps {
  /** Each option is a field `name.option`. */
  readonly name: string;
  readonly legend: string;
  readonly options: Options;
  readonly held?: readonly string[];
}

/** Some of several, each answered with yes or no. */
export function ManyField({ name, legend, options: all, held = [] }: ManyProps): ReactNode {
  const wrong = useContext(FieldErrors)[name];
  return (
    <fieldset className="field" aria-invalid={wrong ? true : undefined}>
      <legend>{legend}</legend>
      {wrong ? <p className="wrong">{wrong}</p> : null}
      {all.map(([option, shown]) => (
        <ChoiceField
          key={option}
          name={`${name}.${option}`}
          label={shown}
          says
          value={held.includes(option) ? "yes" : "no"}
          options={[
            ["no", text.no],
            ["yes", text.yes],
          ]}
        />
      ))}
    </fieldset>
  );
}

/** Which of the options of a `ManyField` were chosen. */
export function chosen<T extends string>(values: Values, name: string, all: readonly T[]): T[] {
  return all.filter((option) => values[`${name}.${option}`] === "yes");
}

interface UndecidedProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: boolean | null | undefined;
}

/** Yes, no, or nobody has said: what is not decided never looks like a no. */
export function UndecidedField({ value, ...props }: UndecidedProps): ReactNode {
  return (
    <ChoiceField
      {...props}
      says
      value={value === true ? "yes" : value === false ? "no" : ""}
      options={[
        ["", text.undecided],
        ["yes", text.yes],
        ["no", text.no],
      ]}
    />
  );
}

export const decided = (value: string | undefined): boolean | null =>
  value === "yes" ? true : value === "no" ? false : null;

/** One a line or with commas between, as people write lists. */
export const listed = (value: string | undefined): string[] => (value ?? "").split(/[\s,]+/).filter(Boolean);

interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** What is on record, by name; what is not is left out. */
export function Facts({ facts }: FactsProps): ReactNode {
  return (
    <dl className="described">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
