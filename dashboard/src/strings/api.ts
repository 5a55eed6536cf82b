/** What is said when the API answers with an error, or does not. */

export const api = {
  late: "The API did not answer within 40 seconds. Try again.",
  unreachable: "The API cannot be reached. Check your connection and try again.",
  unfit: "Some of what is filled in is missing or does not fit.",
  overtaken:
    "Somebody changed this after you opened it. What you wrote is still here: look at the present state, then save again.",
  failed: (status: number): string => `The API failed (status ${status}). Try again in a minute.`,
  meanings: {
    403: "Your account may not do this.",
    404: "This does not exist.",
    429: "Too many requests at once. Wait a moment and try again.",
    503: "The service behind the API does not answer. Try again in a minute.",
  } as Readonly<Record<number, string>>,
} as const;
