/** The page before one is signed in. */

export const login = {
  title: "Sign in",
  button: "Sign in",
  purpose: "What is wrong with which model, since when, and what to do about it.",
  ended: "Your session has ended. Sign in again; you will come back to this page.",
  out: "You are signed out.",
} as const;
