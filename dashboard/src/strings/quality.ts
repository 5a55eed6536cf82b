/** Data quality and the model against what turned out to be true. */

export const quality = {
  window: "Window: ",
  checked: (rows: string): string => `, ${rows}. Checked `,
  issues: "What is wrong with the data",
  heads: ["Column", "Check", "Severity", "Reason"],
  allColumns: "all columns",
  truth: "The model against what turned out to be true",
  labelled: (labelled: string, rows: string, share: string, late: string): string =>
    `${labelled} of ${rows} have a label${share}; ${late} came after the window.`,
  metrics: "Metrics of the model with their 95 % intervals",
  metric: "Metric",
  value: "Value",
  valueHead: "Value (95 % interval)",
  n: "n",
  level: "Level",
  levelHead: "Declared level",
  verdict: "Verdict",
  lowIsGood: "lower is better",
  undefined: "undefined",
  rowsNeeded: (rows: string): string => `Needs about ${rows} with labels until it can be told.`,
  rowsUntil: (rows: string): string => `About ${rows} in a window are needed until it can be told.`,
  noRows: (reason: string): string => `No number of rows would tell: ${reason}.`,
  expected: "What was expected before the labels came",
  names: { f1: "F1", auc: "AUC", brier: "Brier score", mae: "MAE", rmse: "RMSE" } as Readonly<Record<string, string>>,
} as const;
