/** What may be done with an entry next, as the API names it, each as a button with a form. */

import type { ReactNode } from "react";
import { useApp } from "../../app";
import { Time } from "../../components/time";
import { Action } from "../../forms/action";
import { registers as text } from "../../strings/registers";
import { type Entry, type Kept, type Register, type Step, type StepForm, TOUCHED } from "./register";

interface StepsProps<V extends Kept> {
  readonly register: Register<V>;
  readonly view: V;
  readonly etag: string | null;
}

export function Steps<V extends Kept>({ register, view, etag }: StepsProps<V>): ReactNode {
  const steps = [...(view.standing.next_steps ?? []), ...(register.also?.(view) ?? [])];
  if (steps.length === 0) return <p className="quiet">{text.nothingNext}</p>;
  return (
    <ul className="next-steps">
      {steps.map((step) => (
        <li key={`${step.name} ${step.title}`}>
          <TakeStep register={register} view={view} etag={etag} step={step} />
          {step.due ? (
            <small className="quiet">
              {`${text.until} `}
              <Time at={step.due} />
            </small>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** One step. What the dashboard has no form for is named, and not hidden. */
export function TakeStep<V extends Kept>({ register, view, etag, step }: StepsProps<V> & { step: Step }): ReactNode {
  const form = Object.hasOwn(register.steps, step.name) ? register.steps[step.name] : undefined;
  if (form === undefined)
    return (
      <p>
        {step.title} <small className="quiet">{text.elsewhere}</small>
      </p>
    );
  return <Taken form={form} entry={register.entryOf(view)} view={view} etag={etag} step={step} />;
}

interface TakenProps<V> {
  readonly form: StepForm<V>;
  readonly entry: Entry;
  readonly view: V;
  readonly etag: string | null;
  readonly step: Step;
}

function Taken<V>({ form, entry, view, etag, step }: TakenProps<V>): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route={form.route}
      record={step.name}
      label={form.label?.(view, step) ?? step.title}
      title={`${step.title}: ${entry.title}`}
      about={form.about?.(view, step)}
      confirm={form.confirm ?? form.label?.(view, step) ?? step.title}
      wide={form.wide ?? false}
      {...(form.tone ? { tone: form.tone } : {})}
      otherwise="explain"
      told={text.told(form.told, entry.title)}
      touches={TOUCHED}
      etag={etag}
      {...(form.place ? { place: form.place } : {})}
      send={(values, headers) => form.send(api, { view, step, values, headers })}
    >
      {form.fields?.(view, step)}
    </Action>
  );
}
