import { describe, expect, it } from "vitest";
import type { BiasReport } from "../../src/api/types";
import { hintText } from "../../src/views/bias/hints";
import recording from "../fixtures/demo.json?raw";

const answers = Object.entries(JSON.parse(recording) as Record<string, { body: { reports?: BiasReport[] } }>);
const reports = answers.flatMap(([key, { body }]) => (key.endsWith("/bias") ? (body.reports ?? []) : []));
const [hint] = reports.flatMap((report) => report.hints ?? []);

describe("a hint", () => {
  it("is one sentence with what would change and what it costs", () => {
    if (!hint) throw new Error("the recording has no hint");
    expect(hintText(hint)).toBe(
      "Ratio of selection rates: with the score thresholds <=25 0.419, >25 0.526 instead of 0.500 for all, the largest " +
        "gap between groups would be 0.165 → 0.001; 807 people selected → 806, accuracy 0.727 → 0.732.",
    );
  });
});
