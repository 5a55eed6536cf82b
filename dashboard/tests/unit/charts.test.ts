import { describe, expect, it } from "vitest";
import { anchor, scale } from "../../src/charts/scale";
import { bins, shortName, tone } from "../../src/views/drift/labels";
import { word } from "../../src/words";

describe("a scale", () => {
  it("has round ticks that enclose the values", () => {
    const found = scale(0, 1.73, 4);
    expect(found.ticks).toEqual([0, 0.5, 1, 1.5, 2]);
    expect([found.at(0), found.at(1), found.at(2)]).toEqual([0, 50, 100]);
  });
  it("keeps what lies outside on its edge", () => {
    expect([scale(0, 1).at(-3), scale(0, 1).at(7)]).toEqual([0, 100]);
  });
  it("holds a single value", () => {
    for (const value of [0, 0.3, 5]) expect(Number.isFinite(scale(value, value).at(value))).toBe(true);
  });
  it("keeps labels inside the plot", () => {
    expect([anchor(0), anchor(50), anchor(100)]).toEqual(["start", "middle", "end"]);
  });
});

describe("bins", () => {
  const shares = { missing_baseline: 0, missing_current: 0 };
  it("are named by their edges, the outer ones open", () => {
    const found = bins({
      ...shares,
      edges: [9000, 12000],
      labels: [],
      baseline: [0.3, 0.3, 0.4],
      current: [0.1, 0.2, 0.7],
    });
    expect(found.map((bin) => bin.label)).toEqual(["up to 9,000", "9,000 – 12,000", "over 12,000"]);
    expect(found.map((bin) => bin.after)).toEqual([0.1, 0.2, 0.7]);
  });
  it("show missing values once", () => {
    const numeric = {
      edges: [1],
      labels: [],
      baseline: [0.5, 0.4],
      current: [0.5, 0.5],
      missing_baseline: 0.1,
      missing_current: 0,
    };
    expect(bins(numeric).map((bin) => bin.label)).toEqual(["up to 1", "over 1", "missing"]);
    const named = { ...numeric, edges: [], labels: ["a", "missing"] };
    expect(bins(named).map((bin) => bin.label)).toEqual(["a", "missing"]);
  });
});

describe("windows on an axis", () => {
  it.each([
    ["2019-04-01T00:00:00Z", "2019-05-01T00:00:00Z", "Apr 19"],
    ["2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", "2 Mar"],
  ])("%s to %s is %s", (start, end, name) => {
    expect(shortName({ start, end })).toBe(name);
  });
  it("gives a batch job its time, as names of jobs are long and end alike", () => {
    const job = { start: "2026-10-01T06:15:07Z", end: "2026-10-01T06:24:00Z", job: "churn-2026-10-01-06-15-00-431" };
    expect(shortName(job)).toBe("1 Oct, 06:15");
  });
});

describe("verdicts", () => {
  it("look as bad as their severity", () => {
    expect([
      tone("drift", "critical"),
      tone("drift", "low"),
      tone("no_drift", "none"),
      tone("not_enough_data", "none"),
    ]).toEqual(["bad", "warn", "good", "unsure"]);
  });
  it("never look good when nobody knows them", () => {
    expect(word("some_new_state")).toEqual({ tone: "unsure", text: "some new state" });
    expect(word(null).tone).toBe("off");
  });
  it("never take 'could not tell' for good news", () => {
    for (const name of [
      "not_enough_data",
      "not_comparable",
      "inconclusive",
      "not_assessable",
      "insufficient_evidence",
    ]) {
      expect(word(name).tone).toBe("unsure");
    }
  });
});
