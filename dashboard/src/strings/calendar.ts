/** What is due of whom, over all registers. */

export const calendar = {
  title: "Calendar",
  about:
    "What is due of whom, and what is overdue: signatures, documents to review, remedies, and every date of every register.",
  days: "How far ahead",
  spans: { "30": "30 days", "90": "90 days", "365": "a year", "1095": "three years" },
  owner: "Of whom",
  ownerHint: "Whole address",
  mine: "Mine",
  model: "Model",
  modelHint: "Id of a model",
  kind: "Kind",
  all: "All",
  kinds: { signature: "signature", document: "document", remediation: "remedy", register: "register" },
  none: "Nothing is due within this time.",
  noMatch: "Nothing of what is chosen is due within this time.",
  noneHint: "Choose a longer time, or nobody in particular.",
  counted: (all: number, overdue: number): string =>
    `${all === 1 ? "1 date" : `${all} dates`}${overdue ? `, ${overdue} overdue` : ""}`,
  notWhole: "There is more than is shown: choose a person, a model or a shorter time.",
  on: "By",
  what: "What",
  who: "Who",
  nobody: "nobody is named",
  overdue: "overdue",
  download: "Save for a calendar",
  saved: (count: number): string => `due.ics is saved: ${count === 1 ? "1 date" : `${count} dates`}.`,
} as const;
