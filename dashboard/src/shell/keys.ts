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

export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const lead = { at: Number.NEGATIVE_INFINITY };
    const pressed = (event: KeyboardEvent): void => {
      if (isFind(event)) {
        event.preventDefault();
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
