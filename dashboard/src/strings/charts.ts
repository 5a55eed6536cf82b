/** What all charts say. */

export const strings = {
  numbers: "The numbers",
  window: "Window",
} as const;
