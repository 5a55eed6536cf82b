/** Steps that ask for one text: why, or what was found. */

import type { Api } from "../../api/client";
import { LongField } from "../../forms/fields";
import type { StepForm, Taken } from "./register";

interface OneText<V> extends Omit<StepForm<V>, "fields" | "send"> {
  /** The field's name in what is sent, and what it is called. */
  readonly field: string;
  readonly asks: string;
  readonly hint?: string;
}

/** A step with one field, which has to be filled in; `send` is handed what stands in it. */
export function oneText<V>(
  { field, asks, hint = "", ...form }: OneText<V>,
  send: (api: Api, said: string, taken: Taken<V>) => Promise<unknown>,
): StepForm<V> {
  return {
    ...form,
    fields: () => <LongField name={field} label={asks} required {...(hint ? { hint } : {})} />,
    send: (api, taken) => send(api, taken.values[field] ?? "", taken),
  };
}
