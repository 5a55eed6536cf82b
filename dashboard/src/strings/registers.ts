/** The registers of the law, in general; each register has its own texts beside these. */

import type { Word } from "../words";

export const registers = {
  /** "The duty is accepted: Human oversight". */
  told: (what: string, of: string): string => `${what.replace(/\.$/, "")}: ${of}`,
  title: "Registers",
  tabs: "Registers",
  all: "All",
  state: "State",
  owner: "Owner",
  ownerHint: "Whole address",
  model: "Model",
  modelHint: "Id of a model",
  models: "Models",
  filter: "Filter entries",
  entry: "Entry",
  due: "Due",
  nothingDue: "nothing due",
  order: "Order",
  dueFirst: "What is due first",
  dueLast: "What is due last",
  counted: (shown: number, more: boolean): string => {
    const entries = shown === 1 ? "1 entry" : `${shown} entries`;
    return more ? `The first ${entries}. There are more.` : entries;
  },
  byState: "By state",
  byUrgency: "Of the open ones",
  onlyFirst: "Of the first 2,000.",
  noMatch: "No entry matches.",
  noMatchHint: "Choose other filters to see the others.",
  clocks: "Clocks and dates",
  noClocks: "Nothing runs and nothing is due.",
  left: (time: string): string => `${time} left`,
  over: (time: string): string => `${time} late`,
  atOnce: "owed at once",
  ownMeasure: "Syndic's own measure: no law names the period",
  began: "from",
  ends: "until",
  stopped: (why: string): string => `Stopped: ${why}`,
  next: "What can be done",
  nothingNext: "Nothing more can be done with it.",
  until: "by",
  elsewhere: "This is done by the command line or the API.",
  history: "History",
  noHistory: "Nothing is in the audit trail yet; entries come within a minute.",
  hashed: (hash: string): string => `text of hash ${hash}`,
  wholeHistory: "In the audit trail",
  openedBy: (who: string): string => `Opened by ${who}`,
  changedBy: (who: string): string => `last changed by ${who}`,
  facts: "What is on record",
  missing: "There is no such entry",
  none: "There is no such register",
  toList: (title: string): string => `All: ${/^[A-Z]{2}/.test(title) ? title : title.toLowerCase()}`,
  concluded: "Conclusion",
  unknown: "not known",
  undecided: "not decided",
  yes: "yes",
  no: "no",
} as const;

/** Clocks and dates, as a reader sees them. */
export const CLOCKS: Readonly<Record<string, Word>> = {
  late: { tone: "bad", text: "late" },
  due_soon: { tone: "warn", text: "due soon" },
  running: { tone: "off", text: "in time" },
  met: { tone: "good", text: "done in time" },
  met_late: { tone: "warn", text: "done late" },
  stopped: { tone: "off", text: "stopped" },
};
