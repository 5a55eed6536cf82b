import { describe, expect, it } from "vitest";
import type { BiasReport } from "../../src/api/types";
import { comparisons, isRatio, measuresOf, ofThreshold } from "../../src/views/bias/measure";
import { chance, sentence, who } from "../../src/views/bias/sentence";
import recording from "../fixtures/demo.json?raw";

const reports: BiasReport[] = JSON.parse(recording)["GET /models/german-credit-bd8897/bias"].body.reports;
const [prediction, label] = reports as [BiasReport, BiasReport];
const first = (report: BiasReport) => comparisons(report)[0] as ReturnType<typeof comparisons>[number];

describe("what was found, in a sentence", () => {
  it("counts the people on both sides and says what chance would do", () => {
    expect(sentence(first(prediction), "prediction")).toBe(
      "65 of 105 people with age ≤25 and sex female selected (61.9%); against 521 of 605 people with age >25 and sex male (86.1%): very unlikely by chance (p <0.000001).",
    );
    expect(sentence(first(label), "label")).toBe(
      "110 of 190 people with age ≤25 with the favourable outcome (57.9%); against 590 of 810 people with age >25 (72.8%): very unlikely by chance (p = 0.0001).",
    );
  });

  it("does not count what is hidden, and speaks of the measure where it is no selection", () => {
    const found = first(prediction);
    const hidden = { ...found.attribute.groups[found.group], n: null, selected: null, suppressed: true };
    const attribute = { ...found.attribute, groups: { ...found.attribute.groups, [found.group]: hidden } };
    expect(sentence({ ...found, attribute } as never, "prediction")).toMatch(
      /^For people with age ≤25 and sex female the ratio of selection rates is 0.719 \(0.62–0.84\), threshold 0.8:/,
    );
    const odds = comparisons(prediction).find(({ metric }) => metric === "equal_opportunity_difference");
    expect(sentence(odds as never, "prediction")).toContain("the difference of true positive rates is −0.191");
  });

  it("compares with everybody else where no group is the reference", () => {
    const found = first(prediction);
    const rest = Object.fromEntries(
      Object.entries(found.attribute.groups).map(([name, group]) => [name, { ...group, is_reference: false }]),
    );
    const attribute = { ...found.attribute, reference: "rest", groups: rest };
    expect(sentence({ ...found, attribute } as never, "prediction")).toContain(
      "against 742 of 895 everybody else (82.9%)",
    );
  });

  it.each([
    [0.0001, "very unlikely by chance"],
    [0.03, "unlikely by chance"],
    [0.2, "chance may do that"],
    [0.8, "no more than chance does"],
  ])("p of %s is %s", (p, said) => expect(chance(p)).toBe(said));

  it("names a group as it is where its parts do not fit its attributes", () => {
    expect(who({ attributes: ["age"] } as never, "a & b")).toBe("people with a & b");
  });
});

describe("measures", () => {
  it("are those the policy judges, then the others that have a number", () => {
    expect(measuresOf(prediction).slice(0, 4)).toEqual([
      "disparate_impact",
      "demographic_parity_difference",
      "equal_opportunity_difference",
      "predictive_parity_difference",
    ]);
    expect(measuresOf(prediction)).toHaveLength(9);
    expect(measuresOf(label)).toHaveLength(4);
  });

  it("are as far off as their threshold says, in both directions", () => {
    expect(isRatio("disparate_impact") && !isRatio("accuracy_difference")).toBe(true);
    expect(ofThreshold("disparate_impact", 0.8, 0.8)).toBeCloseTo(1);
    expect(ofThreshold("disparate_impact", 1.25, 0.8)).toBeCloseTo(1);
    expect(ofThreshold("accuracy_difference", -0.2, 0.1)).toBe(2);
    expect(ofThreshold("disparate_impact", 0, 0.8)).toBeNull();
    expect(ofThreshold("accuracy_difference", 0.1, 0)).toBeNull();
  });

  it("put what decided first: the verdict, the ratio, then the farthest off", () => {
    expect([first(prediction).group, first(prediction).metric]).toEqual(["<=25 & female", "disparate_impact"]);
  });
});
