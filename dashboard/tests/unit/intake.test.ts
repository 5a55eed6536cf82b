import { describe, expect, it } from "vitest";
import { intakeText } from "../../src/components/intake";

const whole = {
  objects: 1,
  read: 600,
  used: 600,
  rejected: 0,
  rows: 600,
  labels: 0,
  partial: 0,
  nested: [],
  answered: [],
};

describe("what reading gave", () => {
  it("names records read, used and rejected with the first reasons", () => {
    const intake = {
      ...whole,
      used: 350,
      rejected: 250,
      rows: 350,
      reasons: { columns: 200, time: 4, payload: 40, type: 6 },
      examples: { columns: "a row has 2 fields where the schema has 3" },
    };
    expect(intakeText(intake)).toBe(
      "600 records read = 350 used + 250 rejected (columns: 200, a row has 2 fields where the schema has 3; payload: 40; " +
        "type: 6; other reasons: 4), from 1 captured file.",
    );
  });

  it("says of how many records only one side could be read", () => {
    expect(intakeText({ ...whole, partial: 30, partial_reasons: { content_type: 30 } })).toBe(
      "600 records read = 600 used + 0 rejected, from 1 captured file. Of 30 of those used only one side could be read " +
        "(content type: 30).",
    );
  });

  it("is short when all was used", () => {
    expect(intakeText(whole)).toBe("600 records read = 600 used + 0 rejected, from 1 captured file.");
  });
});
