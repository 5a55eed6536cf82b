/** What is being typed, kept for this tab: a reload, a session that ends and a refresh behind the form lose none of it. */

import { createContext } from "react";

const PREFIX = "syndic.draft.";

type Texts = Readonly<Record<string, string>>;

/** What a person changed in a form, and the edition of the record on which it was changed; what was left alone is the record's. */
export interface Draft {
  readonly typed: Texts;
  readonly edition?: string;
}

const NOTHING: Draft = { typed: {} };

/** What was typed before, for the fields of the form that is open. */
export const DraftContext = createContext<Texts>({});

/**
 * Under which name a form's draft is kept: never that of another person, another page or another record, for what was
 * written of one model would be sent of the next.
 */
export function draftOf(person: string, form: string, record = ""): string {
  const [page = ""] = location.hash.split("?");
  return [person, page, form, record].join(" ");
}

export function readDraft(form: string): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PREFIX + form) ?? "null") as Partial<Draft> | null;
    if (typeof kept?.typed !== "object" || kept.typed === null) return NOTHING;
    return { typed: texts(Object.entries(kept.typed)), ...(kept.edition ? { edition: String(kept.edition) } : {}) };
  } catch {
    return NOTHING;
  }
}

export const typedIn = (element: HTMLFormElement): Texts => texts([...new FormData(element)]);

/** `begun` is what stood there before anything was typed. */
export function keepDraft(form: string, element: HTMLFormElement, begun: Texts, edition?: string | null): void {
  const before = readDraft(form).typed;
  const changed = Object.entries(typedIn(element)).filter(([name, value]) => name in before || value !== begun[name]);
  const draft: Draft = { typed: Object.fromEntries(changed), ...(edition ? { edition } : {}) };
  sessionStorage.setItem(PREFIX + form, JSON.stringify(draft));
}

export function dropDraft(form: string): void {
  sessionStorage.removeItem(PREFIX + form);
}

/** Whoever signs in next at this tab must not find what somebody else began. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}

function texts(entries: readonly (readonly [string, unknown])[]): Texts {
  return Object.fromEntries(entries.filter((one): one is [string, string] => typeof one[1] === "string"));
}
