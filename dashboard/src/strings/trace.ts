/** Tracing a prediction to what is behind it. */

export const trace = {
  title: "Trace a prediction",
  about:
    "From the id of a request or a row to the version that answered, its run and its training data, and the approvals in force then. The hour of the time and the two beside it are searched.",
  prediction: "Request or row",
  predictionHint: "the id in the answer",
  at: "When it was made",
  look: "Trace",
  nothing: "It is not there.",
  behind: (version: string): string => `Answered by version ${version}`,
  request: "Request",
  row: "Row",
  made: "Made",
  approvals: "Approvals then",
  noApprovals: "none was in force",
  by: (target: string, people: string): string => `${target}: ${people}`,
  metrics: "Metrics",
  parameters: "Hyperparameters",
  versions: "Everything about this version",
} as const;
