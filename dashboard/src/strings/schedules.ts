/** What runs by itself. */

const SPANS: Readonly<Record<string, string>> = { M: "minute", H: "hour", D: "day" };

export const schedules = {
  title: "What runs by itself",
  about:
    "As it was deployed. Of what runs at an interval only the interval is known, so its next run is told as the latest time.",
  none: "No schedule is told.",
  noneHint: "The function of the API is told the schedules when it is deployed (SYNDIC_SCHEDULES).",
  what: "Function",
  often: "How often",
  next: "Next run",
  latest: "by",
  /** Of a span as the API writes it: PT5M, PT1H, P1D. */
  every: (span: string): string => {
    const [, count = "", unit = ""] = /^PT?(\d+)([MHD])$/.exec(span) ?? [];
    const name = SPANS[unit];
    if (name === undefined) return span;
    return count === "1" ? `every ${name}` : `every ${count} ${name}s`;
  },
  does: {
    Discovery: "Finds models and asks for the checks that are due",
    Registries: "Keeps model registries in step",
    Compliance: "Judges every model by every framework anew",
    Alerting: "Sends what is to be told, ends what is over",
    Rollouts: "Takes rollouts a step further or back",
    Audit: "Gives audit entries their place and signs a checkpoint",
    Mirror: "Exchanges results and policy with the other cloud",
  } as Readonly<Record<string, string>>,
} as const;
