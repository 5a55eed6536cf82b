import { describe, expect, it } from "vitest";
import {
  ago,
  count,
  day,
  duration,
  interval,
  list,
  measure,
  moment,
  percent,
  plain,
  probability,
  setting,
  span,
  utc,
} from "../../src/format";

describe("a measure", () => {
  it.each([
    [1.7312, "1.73"],
    [0.795, "0.795"],
    [0.0186, "0.019"],
    [0, "0"],
    [0.0003, "<0.001"],
    [-0.1491, "−0.149"],
    [12.34, "12.3"],
    [36120.7, "36121"],
    [null, "–"],
    [Number.NaN, "–"],
  ])("%s is shown as %s", (value, text) => {
    expect(measure(value)).toBe(text);
  });

  it("never rounds something to nothing", () => {
    for (let power = 1; power < 12; power += 1) expect(measure(10 ** -power)).not.toMatch(/^0\.0*$/);
  });
});

describe("an interval", () => {
  it("has the limits with two decimals", () => {
    expect(interval({ value: 0.795, low: 0.699, high: 0.904 })).toBe("0.795 (0.70–0.90)");
  });
  it("keeps small limits apart from zero", () => {
    expect(interval({ value: 0.02, low: 0.004, high: 0.09 })).toBe("0.020 (0.004–0.090)");
  });
  it("uses words between limits when one is negative", () => {
    expect(interval({ value: -0.149, low: -0.224, high: -0.075 })).toBe("−0.149 (−0.22 to −0.075)");
  });
  it("says that a limit is open", () => {
    expect(interval({ value: 3, low: 1.2, high: null })).toBe("3.00 (1.20–no upper limit)");
  });
  it("is a dash without a value, never a zero", () => {
    expect(interval({ value: null, low: 0.1, high: 0.2 })).toBe("–");
  });
});

describe("other numbers", () => {
  it("shows thresholds as they were set", () => {
    expect([setting(0.25), setting(0.8), setting(0.1), setting(1 / 0.8)]).toEqual(["0.25", "0.8", "0.1", "1.25"]);
  });
  it("shows shares in per cent", () => {
    expect([percent(0.5789), percent(0), percent(0.0001), percent(1), percent(null)]).toEqual([
      "57.9%",
      "0.0%",
      "<0.1%",
      "100.0%",
      "–",
    ]);
  });
  it("shows probabilities by their size", () => {
    expect([0.61, 0.0137, 1.03e-4, 4e-5, 1e-200].map(probability)).toEqual([
      "0.61",
      "0.014",
      "0.0001",
      "0.00004",
      "<0.000001",
    ]);
  });
  it("groups thousands", () => {
    expect(count(10000)).toBe("10,000");
  });
});

describe("windows", () => {
  it("names a month in UTC, wherever the viewer is", () => {
    const april = { start: "2019-04-01T00:00:00Z", end: "2019-05-01T00:00:00Z" };
    expect(span(april, "America/Los_Angeles")).toBe("Apr 2019");
    expect(span(april, "Asia/Tokyo")).toBe("Apr 2019");
  });
  it("names a day, a week and an hour", () => {
    expect(span({ start: "2026-03-02T00:00:00Z", end: "2026-03-03T00:00:00Z" })).toBe("2 Mar 2026");
    expect(span({ start: "2026-03-02T00:00:00Z", end: "2026-03-09T00:00:00Z" })).toBe("2 Mar 2026 – 8 Mar 2026");
    expect(span({ start: "2026-03-02T14:00:00Z", end: "2026-03-02T15:00:00Z" }, "Europe/Berlin")).toBe(
      "2 Mar 2026, 15:00 – 16:00",
    );
  });
  it("names a batch job, however long it took", () => {
    const job = { start: "2026-03-02T14:00:07Z", end: "2026-03-02T14:09:40Z", job: "churn-2026-03" };
    expect(span(job)).toBe("batch job churn-2026-03");
  });
});

describe("times", () => {
  it("are in the viewer's zone", () => {
    expect(moment("2026-11-21T04:02:00Z", "Europe/Berlin")).toBe("21 Nov 2026, 05:02");
  });
  it("tell their age", () => {
    const now = Date.parse("2026-11-21T04:02:00Z");
    expect(ago("2026-11-21T04:01:50Z", now)).toBe("just now");
    expect(ago("2026-11-21T03:02:00Z", now)).toBe("1 hour ago");
    expect(ago("2019-09-01T00:00:00Z", now)).toBe("7 years ago");
    expect(ago("2026-11-21T05:02:00Z", now)).toBe("in the future");
    expect(duration(36 * 3_600_000)).toBe("36 hours");
  });
});

it("lists names and counts the rest", () => {
  expect([list([]), list(["a"]), list(["a", "b"]), list(["a", "b", "c", "d", "e"])]).toEqual([
    "",
    "a",
    "a and b",
    "a, b and 3 more",
  ]);
});

describe("what is nearly nothing or nearly all", () => {
  it.each([
    [percent(0.0003), "<0.1%"],
    [percent(-0.0003), ">−0.1%"],
    [percent(0.004, 0), "<1%"],
    [percent(0.9998), ">99.9%"],
    [percent(0.997, 0), ">99%"],
    [percent(1), "100.0%"],
    [setting(0.0002), "0.0002"],
    [interval({ value: 0.001, low: 0.0001, high: 0.01 }), "0.001 (<0.001–0.010)"],
  ])("is shown as %s", (shown, wanted) => {
    expect(shown).toBe(wanted);
  });
});

describe("what is missing or none", () => {
  const none = null as unknown as string;
  it.each([
    count(Number.NaN),
    probability(Number.NaN),
    setting(Number.NaN),
    moment("soon"),
    moment(none),
    day(none),
    utc(""),
    ago("", 0),
    span({ start: "", end: none }),
  ])("is a dash, and neither 1970 nor NaN", (shown) => {
    expect(shown).toBe("–");
  });
});

describe("what the API says", () => {
  it.each([
    ["data_categories: what kinds of data go in", "Data categories: what kinds of data go in"],
    ["the questionnaire ai_act is not answered", "The questionnaire AI act is not answered"],
    ["missing: eval_results.json or confusion_matrix.png.", "Missing: eval_results.json or confusion_matrix.png."],
    ["needed (ml_engineer, product_owner)", "Needed (ml engineer, product owner)"],
  ])("has its names as words, and files as they are: %s", (said, wanted) => {
    expect(plain(said)).toBe(wanted);
  });
});
