/** Keys that work everywhere. While somebody types, only those with Ctrl or Cmd do. */

import { useEffect, useRef } from "react";

interface Keys {
  find(): void;
  help(): void;
}

/** After `g`, a place. */
const GO: Readonly<Record<string, string>> = {
  t: "#/",
  m: "#/models",
  a: "#/alerts",
  c: "#/compliance",
  e: "#/registers",
  r: "#/reports",
  l: "#/audit",
  s: "#/settings",
};

const PATIENCE_MS = 1_500;

export function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Whether a key is meant for the page: nobody types, and no dialog is open, which has its own keys. */
export function isFree(event: KeyboardEvent): boolean {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  return !modified && !typing(event.target) && !document.querySelector("[role=dialog]");
}

function isFind(event: KeyboardEvent): boolean {
  const chord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  return chord || (event.key === "/" && isFree(event));
}

/** What is typed between Ctrl-K and the moment when its field is there is meant for the field. */
export interface Early {
  readonly text: string;
  readonly entered: boolean;
}

let early: (Early & { readonly since: number }) | null = null;

/** What was typed meanwhile; from now on the field has the keys. */
export function takeEarly(): Early {
  const { text, entered } = early ?? { text: "", entered: false };
  early = null;
  return { text, entered };
}

const inDialog = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("[role=dialog]") !== null;

/** Whether a key was kept for the field that is still to come; one that never comes swallows none. */
function isKept(event: KeyboardEvent): boolean {
  if (!early || event.ctrlKey || event.metaKey || inDialog(event.target)) return false;
  if (event.timeStamp - early.since > PATIENCE_MS) early = null;
  else if (event.key === "Enter") early = { ...early, entered: true };
  else if (event.key === "Backspace") early = { ...early, text: early.text.slice(0, -1) };
  else if (event.key.length === 1) early = { ...early, text: early.text + event.key };
  else return false;
  if (!early) return false;
  event.preventDefault();
  return true;
}

export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const lead = { at: Number.NEGATIVE_INFINITY };
    const pressed = (event: KeyboardEvent): void => {
      if (isKept(event)) return;
      if (isFind(event)) {
        event.preventDefault();
        if (!document.querySelector("[role=dialog]")) early = { text: "", entered: false, since: event.timeStamp };
        latest.current.find();
      } else if (isFree(event)) free(event, lead, latest.current);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

/** `lead` holds when `g` was pressed, which the next key follows. */
function free(event: KeyboardEvent, lead: { at: number }, keys: Keys): void {
  const go = event.timeStamp - lead.at < PATIENCE_MS ? GO[event.key] : undefined;
  if (go) location.hash = go;
  else if (event.key === "?") keys.help();
  lead.at = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
}
