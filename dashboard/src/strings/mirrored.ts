/** What is known of models in another cloud. */

export const mirrored = {
  old: "What is shown of this model is as of then. Its checks go on where it runs, and what they find follows.",
} as const;
