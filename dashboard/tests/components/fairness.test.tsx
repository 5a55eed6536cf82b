import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { BiasHistory, BiasReport } from "../../src/api/types";
import { body, CREDIT, changes, dialog, open, settled, violations } from "./open";

const ADDRESS = `#/models/${CREDIT}?section=bias`;
const REPORTS = `GET /models/${CREDIT}/bias`;
const HISTORY = `GET /models/${CREDIT}/bias/history?limit=24&outcome=prediction`;
const DOCUMENTS = `/models/${CREDIT}/documents`;

const map = (): HTMLElement => screen.getByRole("grid", { name: "Groups by measures" });

describe("fairness", () => {
  it("begins with the model's own decisions, in one sentence, and shows the measure that decided", async () => {
    open(ADDRESS);
    await settled();
    expect(screen.getByRole("tab", { name: "Prediction" }).getAttribute("aria-selected")).toBe("true");
    expect(document.querySelector(".in-a-sentence")?.textContent).toMatch(
      /^65 of 105 people with age ≤25 and sex female/,
    );
    const forest = screen.getByRole("table", { name: "Groups of age & sex: Selection ratio" });
    const worst = within(forest).getByRole("row", { name: /^<=25 & female/ });
    expect(worst.textContent).toContain("0.719 (0.62–0.84) · p <0.000001");
    expect(worst.textContent).toContain("adverse impact indicated");
    expect(screen.getByText("This measure decided.")).toBeDefined();
    expect(await violations()).toEqual([]);
  });

  it("shows each group by each measure, and what was chosen there, in the address too", async () => {
    const opened = open(ADDRESS);
    await settled();
    const cell = within(map()).getByRole("button", { name: /^age: <=25, difference of precision: inconclusive/ });
    expect(cell.textContent).toContain("−0.101");
    await opened.user.click(cell);
    expect(location.hash).toContain("metric=predictive_parity_difference");
    const forest = screen.getByRole("table", { name: "Groups of age: Precision difference" });
    const row = within(forest).getByRole("row", { name: /^<=25/ });
    expect(row.textContent).toContain(
      "About 1,969 rows in all until the observed difference is beyond chance (in four of five cases).",
    );
    expect(within(map()).getAllByRole("button", { name: /accuracy difference: not judged/ })).toHaveLength(5);
    await opened.user.click(screen.getByRole("tab", { name: "Label" }));
    await screen.findByRole("table", { name: "Groups of age: Selection ratio" });
    expect(location.hash).not.toContain("metric=");
  });

  it("takes the comparison from the address, and the one that decided where there is none like it", async () => {
    open(`${ADDRESS}&of=sex&group=female&metric=demographic_parity_difference`);
    await settled();
    expect(screen.getByRole("table", { name: "Groups of sex: Selection difference" })).toBeDefined();
    location.hash = `${ADDRESS}&of=sex&group=nobody`;
    await screen.findByRole("table", { name: "Groups of age & sex: Selection ratio" });
  });

  it("has each window and all together over time, and says where a new version starts anew", async () => {
    const history = body<BiasHistory>(HISTORY);
    const [point] = history.points;
    if (!point) throw new Error("the recording has no window");
    const next = {
      ...point,
      window: { start: "2026-10-01T00:00:00Z", end: "2026-11-01T00:00:00Z" },
      report_id: "next",
      verdict: "no_indication",
      version: "2",
    };
    open(`${ADDRESS}&of=age&group=<=25&metric=disparate_impact`, {
      answers: { [HISTORY]: { status: 200, body: { ...history, points: [point, next] } } },
    });
    await settled();
    const view = within(screen.getByRole("group", { name: "Over time, and all windows together" }));
    const chart = view.getByRole("img", { name: /^Selection ratio of <=25 over 2 windows/ });
    expect(chart.querySelectorAll("circle, path")).toHaveLength(4);
    expect(chart.querySelectorAll(".band")).toHaveLength(1);
    const row = within(view.getByRole("table")).getByRole("row", { name: /^Oct 2026/ });
    expect(row.textContent).toContain("0.804 (0.54–0.96)evidence 869 of the 20 needed; version 2: counted anew");
    expect(view.getByText(/^Ratio 0.804 \(0.543 to 0.964 at all times\) over 1 window/)).toBeDefined();
  });

  it("keeps an assessment with the name of whoever wrote it", async () => {
    const written = "The gap follows income, which the law lets us consider.";
    const record = {
      topic: "fairness_assessment",
      model_id: CREDIT,
      model_version: "1.1.0",
      title: "Young women",
      location: "written in Syndic",
      text: written,
      sha256: "ab".repeat(32),
      dated: "2026-10-06",
      recorded_by: "owner@example.com",
      recorded_at: "2026-10-06T08:00:00Z",
    };
    const opened = open(ADDRESS, {
      groups: ["model_owner"],
      answers: { [`POST ${DOCUMENTS}`]: { status: 201, body: record } },
    });
    await settled();
    expect(screen.getByText("Nobody has assessed a difference yet.")).toBeDefined();
    await opened.user.click(screen.getByRole("button", { name: "Record an assessment" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText("Title"), "Young women");
    await opened.user.click(form.getByRole("button", { name: "Record an assessment" }));
    await form.findByText("Fill this in.");
    await opened.user.type(form.getByLabelText(/^What the difference comes from/), written);
    opened.answers = { ...opened.answers, [`GET ${DOCUMENTS}`]: { status: 200, body: { documents: [record] } } };
    await opened.user.click(form.getByRole("button", { name: "Record an assessment" }));
    await screen.findByText("The assessment is on record with your name.");
    expect(changes(opened)[0]?.body).toMatchObject({
      topic: "fairness_assessment",
      title: "Young women",
      text: written,
    });
    const kept = await screen.findByText(written);
    expect(kept.closest("li")?.textContent).toContain("by owner@example.com");
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Record an assessment"));
  });

  it("tells whoever may not write one who may", async () => {
    open(ADDRESS);
    await settled();
    expect((screen.getByRole("button", { name: "Record an assessment" }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("shows no number of a group that is hidden", async () => {
    const { reports } = body<{ reports: BiasReport[] }>(REPORTS);
    const [report] = reports as [BiasReport];
    const age = report.attributes?.["age"];
    const nothing = {
      value: null,
      low: null,
      high: null,
      p_adjusted: null,
      reason: "suppressed: groups under 200 rows",
    };
    const hidden = {
      ...age?.groups["<=25"],
      ...{ n: null, share: null, selected: null, suppressed: true, judgements: {}, disparities: {}, rates: {} },
      ...{ selection_rate: nothing, disparate_impact: nothing, demographic_parity_difference: nothing },
    };
    const attributes = { age: { ...age, groups: { ...age?.groups, "<=25": hidden } } };
    open(`${ADDRESS}&of=age&group=<=25&metric=disparate_impact`, {
      answers: {
        [REPORTS]: { status: 200, body: { reports: [{ ...report, attributes, intersections: {}, looks: null }] } },
      },
    });
    await settled();
    const row = within(screen.getByRole("table", { name: /^Groups of age/ })).getByRole("row", { name: /^<=25/ });
    expect(row.textContent).toContain("few");
    expect(row.textContent).toContain("suppressed: groups under 200 rows");
    expect(row.textContent).not.toContain("190");
  });
});
