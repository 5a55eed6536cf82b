/** Forms and panels, in every view. */

export const forms = {
  required: "Fill this in.",
  choose: "Choose …",
  noNumber: "This is not a number.",
  noAddress: "This is not an address.",
  range: "This number is outside what is possible.",
  optional: "(optional)",
  lines: "One a line.",
  yourZone: (zone: string): string => `In your time zone, ${zone}.`,
  findModel: (label: string): string => `${label}: find by name`,
  nameOfModel: "Beginning of a name",
  chosenModels: "Chosen models",
  offeredModels: "Models to choose",
  noSuchModel: "No model of that name, or it is chosen.",
  without: (name: string): string => `Without ${name}`,
  moreQuestions: (count: number): string => `${count} more questions`,
  sending: "Sending …",
  wrong: "Not saved. ",
  refused: "This was not done. ",
  untried: "This cannot be tried. ",
} as const;

export const panel = {
  reading: (what: string): string => `Reading ${what} …`,
  failed: (what: string): string => `Could not read ${what}. `,
  unread: (what: string): string => `Not read: ${what}.`,
  old: "Not up to date. ",
  asOf: "This is as of ",
  again: (reason: string): string => `; reading it again failed: ${reason}`,
} as const;
