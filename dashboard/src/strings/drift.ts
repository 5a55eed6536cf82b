/** Drift. */

export const drift = {
  cause: "What carries the change, and did it hurt?",
  column: "Column",
  share: "Share of the change",
  since: "Since",
  why: "Why",
  answers: "The model's answers",
  quality: "The model's quality",
  moved: "moved",
  unmoved: "did not move",
  untold: "cannot be told",
  noCause: "No column carries a change.",
} as const;
