/** The desk on Today. */

export const desk = {
  title: "Your desk",
  signatures: "Signatures due",
  approvals: "Approvals",
  noApprovals: "No request for approval waits.",
  remediations: "Promised remedies, what is due first",
  noRemediations: "Nobody has promised a remedy with a date yet.",
  more: (count: number): string => `and ${count} more`,
  due: (on: string): string => `due ${on}`,
  overdue: (on: string): string => `overdue since ${on}`,
  others: (count: number): string =>
    count === 1 ? "1 more waits for other people" : `${count} more wait for other people`,
  runsOut: "until ",
  noneMine: "No request waits for your vote.",
  version: (name: string, version: string, stage: string): string => `${name} ${version} for ${stage}`,
  dates: "Next legal dates",
  noDates: "No requirement begins to apply to any model within two years.",
  begin: (count: number, models: number): string =>
    `${count === 1 ? "1 requirement begins" : `${count} requirements begin`} to apply to ${models === 1 ? "1 model" : `${models} models`}`,
  all: "All dates and deadlines",
  firstModels: "Of the first 500 models.",
} as const;
