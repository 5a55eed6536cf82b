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
};

export function stateWord(state: string): Word {
  return STATES[state] ?? word(state);
}
