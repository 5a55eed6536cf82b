import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { DriftReport, ImpactHistory, QualityHistory } from "../../src/api/types";
import { body, CAR, open, settled, violations } from "./open";

const ADDRESS = `#/models/${CAR}?section=drift&feature=car_value`;
const REPORT = `GET /models/${CAR}/drift`;
const QUALITY = `GET /models/${CAR}/quality/history?limit=24`;
const IMPACT = `GET /models/${CAR}/drift/impact?limit=24`;

const hurt = (): HTMLElement => screen.getByRole("group", { name: /^Did it hurt/ });

describe("drift and performance", () => {
  it("have what labels say and what was expected before them on one axis, with the windows that drift", async () => {
    open(ADDRESS);
    await settled();
    const view = within(hurt());
    expect(hurt().textContent).toContain("In Aug 2019: no harm seen No metric is worse than in windows without drift");
    const chart = view.getByRole("img", { name: /^Accuracy in 10 windows/ });
    expect(chart.querySelectorAll(".one.dot circle")).toHaveLength(10);
    expect(chart.querySelectorAll(".one.diamond path")).toHaveLength(5);
    expect(chart.querySelectorAll(".band")).toHaveLength(5);
    const april = within(view.getByRole("table")).getByRole("row", { name: /^Apr 2019/ });
    expect(april.textContent).toBe("Apr 2019window with drift0.919 (0.90–0.93)0.906 (0.88–0.93)labels say otherwise");
    expect(view.getByText("mean of windows without drift 0.942")).toBeDefined();
    expect(await violations()).toEqual([]);
  });

  it("show the metric of the address and keep the choice there", async () => {
    const opened = open(`${ADDRESS}&metric=brier`);
    await settled();
    const view = within(hurt());
    expect(view.getByText("lower is better")).toBeDefined();
    expect(view.getByRole("img", { name: /^Brier score/ }).querySelectorAll(".one.diamond")).toHaveLength(0);
    await opened.user.selectOptions(view.getByLabelText("Metric"), "Recall");
    expect(location.hash).toContain("metric=recall");
    expect(view.getByRole("img", { name: /^Recall/ })).toBeDefined();
  });

  it("say that it hurt, by which level, and when that rests on expectation", async () => {
    const quality = body<QualityHistory>(QUALITY);
    const points = quality.points.map((point, index) =>
      index < 9 || !point.performance
        ? point
        : {
            ...point,
            performance: {
              ...point.performance,
              rows_needed: 2400,
              metrics: {
                accuracy: { ...point.performance.metrics?.["accuracy"], level: 0.95, verdict: "below_level" },
              },
            },
          },
    );
    const impact = body<ImpactHistory>(IMPACT);
    const newest = { ...impact.windows.at(-1), harm: "hurt", source: "expected", reason: "accuracy fell by 0.08" };
    open(ADDRESS, {
      answers: {
        [QUALITY]: { status: 200, body: { ...quality, points } },
        [IMPACT]: { status: 200, body: { ...impact, windows: [...impact.windows.slice(0, -1), newest] } },
      },
    });
    await settled();
    expect(hurt().textContent).toContain("it hurt Accuracy fell by 0.08. No labels came yet.");
    expect(hurt().textContent).toContain("declared level 0.95");
    expect(hurt().textContent).toContain("About 2,400 rows with labels are needed until it can be told.");
  });

  it("leave the rest readable when performance cannot be read", async () => {
    open(ADDRESS, { answers: { [QUALITY]: { status: 503, body: { detail: "The store did not answer." } } } });
    await settled();
    expect(within(hurt()).getByRole("alert").textContent).toContain("Could not read how the model did.");
    expect(screen.getByRole("grid", { name: "PSI of each column by window" })).toBeDefined();
  });

  it("say by which limit a column is judged, and how many rows it takes to tell", async () => {
    const report = body<DriftReport>(REPORT);
    const feature = {
      ...report.features["car_value"],
      rows_needed: 1200,
      limit: { value: 0.31, policy: 0.1, learnt: 0.31, typical: 0.05, windows: 720, correlation: 0.2 },
    };
    const features = { ...report.features, car_value: feature };
    open(ADDRESS, { answers: { [REPORT]: { status: 200, body: { ...report, features } } } });
    await settled();
    const judged = await screen.findByText(/^Judged by PSI 0.310: what is usual in 720 windows of its own/);
    expect(judged.textContent).toContain("the policy alone says 0.1.");
    expect(judged.textContent).toContain("A window needs about 1,200 rows until it can be told.");
    expect(screen.getByText("drift: from 0.31")).toBeDefined();
  });

  it("tell in which rows the change concentrates where that was looked for, and else how to learn it", async () => {
    const opened = open(ADDRESS);
    await settled();
    expect(screen.getByText(/^syndic drift .* --slices$/)).toBeDefined();
    const found = {
      looked_at: 875,
      columns: ["region"],
      targets: ["score"],
      left_out: [],
      slices: [
        {
          conditions: ["region = south", "plan = basic"],
          target: "score",
          what: "rank in the baseline",
          rows: 445,
          share: 0.089,
          inside: 0.187,
          outside: -0.007,
          effect: 0.195,
          low: 0.131,
          high: 0.258,
          p_adjusted: 7.6e-25,
        },
      ],
    };
    const report = { ...body<DriftReport>(REPORT), slices: found, error_slices: { ...found, slices: [] } };
    opened.answers = { [REPORT]: { status: 200, body: report } };
    await opened.user.click(screen.getByRole("tab", { name: "Summary" }));
    open(ADDRESS, { answers: opened.answers });
    const table = await screen.findByRole("table", { name: "Where it concentrates" });
    const row = within(table).getByRole("row", { name: /^region = south · plan = basic/ });
    expect(row.textContent).toContain("445 rows (8.9%)");
    expect(row.textContent).toContain("0.195 (0.13–0.26)");
    expect(screen.getByText("In no part of the rows more than elsewhere (875 slices looked at).")).toBeDefined();
  });
});

describe("a heat map", () => {
  it("is one stop of the Tab key and is walked with the arrow keys", async () => {
    const opened = open(ADDRESS);
    await settled();
    const grid = screen.getByRole("grid", { name: "PSI of each column by window" });
    const stops = [...grid.querySelectorAll("button")].filter((button) => button.tabIndex === 0);
    expect(stops.map((stop) => stop.textContent)).toEqual(["car_value"]);
    stops[0]?.focus();
    await opened.user.keyboard("{End}{ArrowDown}{ArrowLeft}");
    expect(document.activeElement?.textContent).toBe("repaid_loan_on_prev_car, Jul 2019: drift, PSI 0.235");
    expect([...grid.querySelectorAll("button")].filter((button) => button.tabIndex === 0)).toEqual([
      document.activeElement,
    ]);
    await opened.user.keyboard("{Enter}");
    expect(location.hash).toContain("window=20190701T000000Z-20190801T000000Z");
    await opened.user.keyboard("{PageDown}{Home}{ArrowDown}{ArrowLeft}");
    expect(document.activeElement?.textContent).toBe("y_pred");
  });

  it("has a stronger colour for a larger number", async () => {
    open(ADDRESS);
    await settled();
    const grid = screen.getByRole("grid", { name: "PSI of each column by window" });
    const cells = [
      ...(within(grid)
        .getByRole("row", { name: /^car_value/ })
        .querySelectorAll("td button") ?? []),
    ];
    expect([cells[0], cells[9]].map((cell) => cell?.className)).toEqual(["cell good g0", "cell bad g4"]);
  });
});
