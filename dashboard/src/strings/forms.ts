/** Forms and panels, in every view. */

export const forms = {
  required: "Fill this in.",
  choose: "Choose …",
  noNumber: "This is not a number.",
  noAddress: "This is not an address.",
  range: "This number is outside what is possible.",
  optional: "(optional)",
  lines: "One a line.",
  notWhole: "Not whole yet, so it is not looked for.",
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
  look: "Look at the present state",
  untried: "This cannot be tried. ",
} as const;

export const panel = {
  reading: (what: string): string => `Reading ${what} …`,
  failed: (what: string): string => `Could not read ${what}. `,
  unfit: (names: readonly string[]): string => `This choice does not fit: ${names.join(", ")}. Choose another.`,
  unread: (what: string): string => `Not read: ${what}.`,
  old: "Not up to date. ",
  onlyFirst: (count: number): string => `There are more: only these ${count} were read.`,
  asOf: "This is as of ",
  again: (reason: string): string => `; reading it again failed: ${reason}`,
} as const;
