/** What several registers say alike. */

export const kept = {
  missing: "Still missing",
  nextReview: "Looked at again by",
  yes: "Yes",
  no: "No",
  notKnown: "Not known",
  none: "none",
  computeOf: (label: string): string => `Choose the document: ${label}`,
  unread: "This document could not be read here. Give its hash.",
  saved: (name: string): string => `${name} is saved.`,
} as const;
