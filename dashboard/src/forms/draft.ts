/** What is being typed, kept for this tab: a reload, a session that ends and a refresh behind the form lose none of it. */

import { createContext } from "react";

const PREFIX = "syndic.draft.";

export type Draft = Readonly<Record<string, string>>;

/** What was typed before, for the fields of the form that is open. */
export const DraftContext = createContext<Draft>({});

export function readDraft(form: string): Draft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PREFIX + form) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter((one): one is [string, string] => typeof one[1] === "string"),
    );
  } catch {
    return {};
  }
}

export function keepDraft(form: string, element: HTMLFormElement): void {
  const typed = [...new FormData(element)].filter((one): one is [string, string] => typeof one[1] === "string");
  sessionStorage.setItem(PREFIX + form, JSON.stringify(Object.fromEntries(typed)));
}

export function dropDraft(form: string): void {
  sessionStorage.removeItem(PREFIX + form);
}

/** Whoever signs in next at this tab must not find what somebody else began. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
