/** Dates as a file for a calendar (iCalendar, RFC 5545): the same thing has the same UID, so reading it again updates it. */

import type { components } from "../../../api/schema";
import { calendar as text } from "../../../strings/calendar";

type Due = components["schemas"]["Due"];

const LIMIT = 75;
const bytes = new TextEncoder();

export async function asCalendar(due: readonly Due[], now: Date): Promise<string> {
  const stamp = `${now.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
  const uids = await Promise.all(due.map(uid));
  const events = due.flatMap((one, index) => [
    "BEGIN:VEVENT",
    `UID:${uids[index]}@syndic`,
    `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${one.on.slice(0, 10).replaceAll("-", "")}`,
    `SUMMARY:${escaped(one.what)}`,
    `DESCRIPTION:${escaped(`${one.who ?? text.nobody}: /${one.link}`)}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ]);
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Syndic//calendar//EN", "CALSCALE:GREGORIAN"];
  return [...head, ...events, "END:VCALENDAR"].map((line) => `${folded(line)}\r\n`).join("");
}

/** The same that the command line gives, so that both update the same event. */
async function uid({ link, what }: Due): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes.encode(`${link} ${what}`));
  return [...new Uint8Array(digest)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .slice(0, 32);
}

/** A stored text cannot begin a line of its own. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r\n?|\n/g, "\\n");
}

/** Lines have at most 75 octets; what goes on begins with a blank (section 3.1). */
function folded(line: string): string {
  let shown = "";
  let length = 0;
  for (const sign of line) {
    const size = bytes.encode(sign).length;
    if (length + size > LIMIT) {
      shown += "\r\n ";
      length = 1;
    }
    shown += sign;
    length += size;
  }
  return shown;
}
