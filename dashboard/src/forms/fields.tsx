/** Fields of forms: a label, what helps to fill it in, the control, and what is wrong with it. */

import { Field } from "@base-ui/react/field";
import { createContext, type ReactNode, useContext, useState } from "react";
import { words } from "../format";
import { strings } from "../strings";
import { DraftContext } from "./draft";

interface FieldProps {
  /** The field's name in what is sent; nested fields with dots. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
  /** Leaving it as it is says something, so it is not called optional. */
  readonly says?: boolean;
  readonly value?: string | undefined;
}

/** What the API said of each field of the form that was sent last. */
export const FieldErrors = createContext<Readonly<Record<string, string>>>({});

/** What the browser finds by itself; its own words would be in the browser's language, not the page's. */
const FOUND = [
  ["valueMissing", strings.forms.required],
  ["badInput", strings.forms.noNumber],
  ["typeMismatch", strings.forms.noAddress],
  ["rangeUnderflow", strings.forms.range],
  ["rangeOverflow", strings.forms.range],
  ["stepMismatch", strings.forms.range],
] as const;

/** A label, what helps, what is wrong; around a control. */
export function Framed({
  name,
  label,
  hint,
  required,
  says,
  children,
}: FieldProps & { children: ReactNode }): ReactNode {
  const errors = useContext(FieldErrors);
  // What is being mended is no longer called wrong.
  const [mended, setMended] = useState<object | null>(null);
  const said = mended === errors ? undefined : errors[name];
  return (
    <Field.Root name={name} className="field" onChange={() => setMended(errors)}>
      <Field.Label>
        {label}
        {required || says ? null : <small className="quiet">{` ${strings.forms.optional}`}</small>}
      </Field.Label>
      {hint ? <Field.Description className="quiet">{hint}</Field.Description> : null}
      {children}
      {said ? (
        <Field.Error className="wrong" match>
          {said}
        </Field.Error>
      ) : (
        FOUND.map(([match, text]) => (
          <Field.Error className="wrong" match={match} key={match}>
            {text}
          </Field.Error>
        ))
      )}
    </Field.Root>
  );
}

/** What was typed before in this form, or else what is on record. */
function useStart({ name, value }: FieldProps): string | undefined {
  return useContext(DraftContext)[name] ?? value;
}

export function TextField(
  props: FieldProps & { type?: "text" | "email" | "date" | "datetime-local" | "url" },
): ReactNode {
  return (
    <Framed {...props}>
      <Field.Control
        type={props.type ?? "text"}
        required={props.required}
        defaultValue={useStart(props)}
        autoComplete="off"
      />
    </Framed>
  );
}

export function NumberField(props: FieldProps & { min?: number; max?: number; step?: number | "any" }): ReactNode {
  return (
    <Framed {...props}>
      <Field.Control
        type="number"
        inputMode="decimal"
        required={props.required}
        defaultValue={useStart(props)}
        min={props.min}
        max={props.max}
        step={props.step ?? "any"}
      />
    </Framed>
  );
}

export function LongField(props: FieldProps & { rows?: number }): ReactNode {
  return (
    <Framed {...props}>
      <Field.Control
        required={props.required}
        defaultValue={useStart(props)}
        render={<textarea rows={props.rows ?? 3} />}
      />
    </Framed>
  );
}

export type Options = readonly (readonly [value: string, text: string])[];

/** Where nothing is on record and nothing may be left out, nothing is chosen either: a preset answer is nobody's.
 *
 * What is on record stays chosen although it is none of the options any more, or none yet. */
export function ChoiceField(props: FieldProps & { options: Options }): ReactNode {
  const start = useStart(props);
  const known = !start || props.options.some(([value]) => value === start);
  return (
    <Framed {...props}>
      <Field.Control
        required={props.required}
        defaultValue={start ?? ""}
        render={
          <select>
            {props.required && start === undefined ? <option value="">{strings.forms.choose}</option> : null}
            {known ? null : <option value={start}>{words(start ?? "")}</option>}
            {props.options.map(([value, shown]) => (
              <option value={value} key={value}>
                {shown}
              </option>
            ))}
          </select>
        }
      />
    </Framed>
  );
}
