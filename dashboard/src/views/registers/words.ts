/** States of entries in the registers: what they are called and how they look. */

import { type Word, word } from "../../words";

const STATES: Readonly<Record<string, Word>> = {
  // incidents
  assessing: { tone: "warn", text: "being assessed" },
  reportable: { tone: "bad", text: "to be reported" },
  investigating: { tone: "warn", text: "being investigated" },
  // risks
  identified: { tone: "warn", text: "identified" },
  assessed: { tone: "warn", text: "to be decided" },
  treated: { tone: "warn", text: "being treated" },
  accepted: { tone: "good", text: "accepted" },
  // requests of persons
  received: { tone: "warn", text: "received" },
  identity_asked: { tone: "warn", text: "identity asked for" },
  in_progress: { tone: "warn", text: "being answered" },
  answered: { tone: "good", text: "answered" },
  // vendors and systems
  prospective: { tone: "off", text: "considered" },
  active: { tone: "good", text: "active" },
  idea: { tone: "off", text: "an idea" },
  pilot: { tone: "warn", text: "a pilot" },
  in_use: { tone: "good", text: "in use" },
  // people, policies, processing
  recorded: { tone: "good", text: "on record" },
  proposed: { tone: "warn", text: "waits for the person" },
  in_force: { tone: "good", text: "in force" },
  confirmed: { tone: "good", text: "confirmed" },
  ended: { tone: "off", text: "ended" },
};

export function stateWord(state: string): Word {
  return STATES[state] ?? word(state);
}
