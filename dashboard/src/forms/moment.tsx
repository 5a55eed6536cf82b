/** A time of day and hour as people type it: in their own zone, sent in UTC. */

import type { ReactNode } from "react";
import { forms as text } from "../strings/forms";
import { TextField } from "./fields";

/** A time of the form or the address, in UTC; null: it is none. */
export function moment(given: string | undefined): string | null {
  const time = Date.parse(given ?? "");
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** What a `datetime-local` field holds: the time here. */
export function local(time: number): string {
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Which zone that is: a deadline of hours hangs on it. */
const zone = (): string => text.yourZone(Intl.DateTimeFormat().resolvedOptions().timeZone);

interface MomentProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
  /** In UTC, as the API has it. */
  readonly value?: string | null | undefined;
}

export function MomentField({ value, hint, ...props }: MomentProps): ReactNode {
  return (
    <TextField
      {...props}
      type="datetime-local"
      hint={hint ? `${hint} ${zone()}` : zone()}
      {...(value ? { value: local(Date.parse(value)) } : {})}
    />
  );
}
