/** Days and months that stand for windows whose results are gone. */

export const older = {
  title: "Earlier, by days and months",
  of: "earlier days and months",
  heads: ["Period", "Windows", "Beyond the limit", "Mean", "Least to greatest"],
  nothing: "No results are gone yet: every window has its own.",
  none: "no value",
  flagged: (windows: number, all: number): string => `${windows} of ${all}`,
  between: (least: string, most: string): string => `${least} to ${most}`,
} as const;
