/** Signing, on Today, on a model's compliance tab and for the organisation. */

import { list } from "../format";

export const signing = {
  sign: "Sign",
  title: (what: string): string => `Sign – ${what}`,
  organisation: "Organisation",
  decision: "Decision",
  affirm: "I affirm what is stated above",
  decline: "I decline: it is not so",
  comment: "Comment",
  commentHint: "What you looked at. It is kept with your name.",
  signed: (topic: string): string => `Signed: ${topic}. The requirements are judged anew within a minute.`,
  declined: (topic: string): string => `Declined: ${topic}. The requirements are judged anew within a minute.`,
  binds: (role: string, days: number): string => `You sign as ${role}; it is good for ${days} days.`,
  ofVersion: (version: string): string => `It is about version ${version}, and ends when another one is served.`,
  preview: "what the signature settles",
  wouldSettle: (settled: number, frameworks: number, left: number): string => {
    const rest = left === 0 ? "." : `; leaves ${left} open.`;
    if (settled === 0) return `Signing settles no requirement by itself${rest}`;
    const what = settled === 1 ? "1 requirement" : `${settled} requirements`;
    return `Signing settles ${what} in ${frameworks === 1 ? "1 framework" : `${frameworks} frameworks`}${rest}`;
  },
  stays: (count: number): string =>
    count === 1
      ? "1 requirement that asks for it too and is not settled"
      : `${count} requirements that ask for it too and are not settled`,
  firstModels: (models: number): string => `Of the first ${models} models.`,
  inRole: (role: string, requirements: readonly string[]): string => {
    // As the API names them: framework/requirement.
    const frameworks = new Set(requirements.map((one) => one.split("/")[0])).size;
    const named = list(
      requirements.map((one) => one.split("/").at(-1) ?? one),
      4,
    );
    return frameworks > 1 ? `as ${role}, for ${named} of ${frameworks} frameworks` : `as ${role}, for ${named}`;
  },
  from: (date: string): string => `applies from ${date}`,
  expired: "the last signature has expired",
  none: "Nothing waits for your signature.",
  noneAtAll: "Nothing waits for a signature.",
  others: (count: number): string =>
    count === 1 ? "1 more is signed by other people" : `${count} more are signed by other people`,
  due: "Signature due",
  more: (count: number): string => `and ${count} more`,
} as const;
