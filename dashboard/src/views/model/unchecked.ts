/** Why a model was never checked, and what would change that: nobody looked is no good news. */

import type { Model } from "../../api/types";

export interface Unchecked {
  readonly because: string;
  readonly remedy: string;
}

const CAPTURES: Readonly<Record<string, string>> = {
  aws: "turn on data capture in its SageMaker endpoint configuration",
  azure: "turn on data collection in its Azure ML deployment",
};

export function unchecked(model: Model): Unchecked {
  if (!model.endpoint) {
    return {
      because: "no endpoint is known that serves it",
      remedy: "Deploy it to an endpoint with data capture on; the next discovery run finds it.",
    };
  }
  const first = `the first check runs when a complete ${model.window} is captured`;
  if (!model.endpoint.capture?.enabled) {
    const how = CAPTURES[model.cloud] ?? "turn on data capture at its endpoint";
    return {
      because: "its endpoint captures no traffic",
      remedy: `To have it checked, ${how}; ${first}. Drift also needs a baseline.`,
    };
  }
  return {
    because: `no complete ${model.window} of captured traffic was judged so far`,
    remedy: `Nothing needs to be done for data quality: ${first}. Drift also needs a baseline, fairness a policy.`,
  };
}
