import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { difference } from "../../src/views/versions/comparison";
import { wilson } from "../../src/views/versions/metrics";
import { body, CREDIT, changes, dialog, open, settled, violations } from "./open";

const ADDRESS = `#/models/${CREDIT}?section=versions`;

describe("the versions of a model", () => {
  it("show each condition of the gate as a check, what is not met first, with what to do", async () => {
    open(ADDRESS);
    await settled();
    await screen.findByText("7 conditions are not met.");
    const checks = document.querySelectorAll(".checks > li");
    expect(checks[0]?.textContent).toContain("Profile complete not met");
    expect(checks[0]?.textContent).toContain("What to do: complete the model's profile");
    expect(checks[checks.length - 1]?.textContent).toContain(" met");
    expect(await violations()).toEqual([]);
  });

  it("compare with another version and name what is not on record", async () => {
    open(ADDRESS);
    await settled();
    const table = await screen.findByRole("table", { name: "1.0.0 and 1.1.0" });
    const accuracy = within(table).getByRole("row", { name: /^Accuracy/ });
    expect(accuracy.textContent).toBe("Accuracy0.7410.752+0.011");
    expect(screen.getByText(/the training data's SHA-256 is not on record/)).toBeDefined();
    expect(screen.getByRole("img", { name: /^Lineage of 1.1.0/ })).toBeDefined();
  });

  it("show how the only one was made, without another to compare with", async () => {
    const call = `GET /models/${CREDIT}/versions?limit=100&order=descending`;
    const all = body<{ versions: unknown[] }>(call);
    open(ADDRESS, { answers: { [call]: { status: 200, body: { ...all, versions: all.versions.slice(0, 1) } } } });
    await settled();
    const table = await screen.findByRole("table", { name: "Hyperparameters and run" });
    expect(within(table).getByRole("row", { name: /^penalty/ }).textContent).toBe("penaltyl2");
    expect(within(table).getByRole("row", { name: /^Run id/ }).textContent).toBe("Run idrun-1.1.0");
  });

  it("let those vote whom the policy asks, in the role that they hold", async () => {
    const call = `POST /models/${CREDIT}/approvals/000001/votes`;
    const opened = open(ADDRESS, { groups: ["ml_engineer"], answers: { [call]: { status: 200, body: {} } } });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Approve or reject" }));
    const form = within(dialog());
    await opened.user.selectOptions(form.getByLabelText("Decision"), "reject");
    await opened.user.click(form.getByRole("button", { name: "Approve or reject" }));
    await form.findByText("Fill this in.");
    await opened.user.type(form.getByLabelText("Comment"), "The gap is not explained");
    await opened.user.click(form.getByRole("button", { name: "Approve or reject" }));
    await screen.findByText("You rejected.");
    expect(changes(opened).map(({ call: made, body }) => [made, body])).toEqual([
      [call, { decision: "reject", role: "ml_engineer", comment: "The gap is not explained" }],
    ]);
  });

  it("tell everybody else why they do not vote", async () => {
    open(ADDRESS, { groups: ["admin"], name: "owner@example.com" });
    await settled();
    await screen.findByText("You asked for it yourself, so others decide.");
    expect(screen.queryByRole("button", { name: "Approve or reject" })).toBeNull();
  });

  it("let an admin choose who has to agree, the present policy first", async () => {
    const call = `PUT /models/${CREDIT}/approval-policy`;
    const opened = open(ADDRESS, { groups: ["admin"], answers: { [call]: { status: 200, body: {} } } });
    await settled();
    await opened.user.click(await screen.findByRole("button", { name: "Choose approval policy" }));
    const policy = within(dialog()).getByLabelText<HTMLSelectElement>("Approval policy");
    expect(policy.value).toBe("moderate");
    await opened.user.selectOptions(policy, "strict");
    await opened.user.click(within(dialog()).getByRole("button", { name: "Choose approval policy" }));
    await screen.findByText("strict decides on approvals now.");
    expect(changes(opened).map(({ call: made, body }) => [made, body])).toEqual([[call, { name: "strict" }]]);
  });

  it("offer to waive only what may be waived", async () => {
    const opened = open(ADDRESS, { groups: ["admin"] });
    await settled();
    await screen.findByText("7 conditions are not met.");
    const rows = [...document.querySelectorAll<HTMLElement>(".checks > li")];
    const named = (name: string): HTMLElement => rows.find((row) => row.textContent?.startsWith(name)) as HTMLElement;
    expect(within(named("Approvals")).queryByRole("button", { name: "Waive" })).toBeNull();
    await opened.user.click(within(named("Profile complete")).getByRole("button", { name: "Waive" }));
    expect(within(dialog()).getByLabelText("Reason")).toBeDefined();
  });

  it("have intervals where rows that were tested are on record, and say why others have none", async () => {
    const call = `GET /models/${CREDIT}/versions?limit=100&order=descending`;
    const all = body<{ versions: object[] }>(call);
    const versions = all.versions.map((one) => ({ ...one, metadata: { evaluation_rows: 1000 } }));
    open(ADDRESS, { answers: { [call]: { status: 200, body: { ...all, versions } } } });
    await settled();
    const table = within(await screen.findByRole("table", { name: "1.0.0 and 1.1.0" }));
    const accuracy = "Accuracy0.741 (0.71–0.77)0.752 (0.72–0.78)+0.011";
    expect(table.getByRole("row", { name: /^Accuracy/ }).textContent).toBe(accuracy);
    expect(table.getByRole("row", { name: /^Auc/ }).textContent).toBe("Auc0.7710.782+0.011");
    expect(screen.getByText(/they rest on other counts/)).toBeDefined();
  });

  it("give the card as a file where reports are taken", async () => {
    const call = `GET /models/${CREDIT}/versions/1.1.0/card?format=pdf`;
    const job = { id: "r7", state: "queued", request: {}, requested_by: "demo", requested_at: "2026-10-06T09:00:00Z" };
    const asked = { status: 200, body: { format: "pdf", text: null, report: { job, link: null } } };
    const opened = open(ADDRESS, { answers: { [call]: asked } });
    await settled();
    await opened.user.click(await screen.findByRole("button", { name: "Model card as PDF" }));
    await screen.findByRole("heading", { name: "Reports and evidence" });
    expect(location.hash).toBe("#/reports?take=r7");
  });

  it("take the version from the address", async () => {
    open(`${ADDRESS}&version=1.0.0&stage=staging`);
    await settled();
    await screen.findByRole("heading", { name: "Version 1.0.0" });
    await screen.findByRole("heading", { name: "May it enter staging?" });
    await waitFor(() => expect(screen.getByRole("table", { name: "1.1.0 and 1.0.0" })).toBeDefined());
  });
});

describe("Wilson's interval", () => {
  it("has the limits of the tables, also at the ends", () => {
    const rounded = (share: number, rows: number) => wilson(share, rows).map((one) => Number(one.toFixed(4)));
    expect(rounded(0.8, 10)).toEqual([0.4902, 0.9433]);
    expect(rounded(0, 10)).toEqual([0, 0.2775]);
    expect(rounded(1, 10)).toEqual([0.7225, 1]);
  });
});

describe("the difference of metrics", () => {
  it("is signed, and none where one is no number", () => {
    expect(difference(0.741, 0.752)).toBe("+0.011");
    expect(difference(0.752, 0.741)).toBe("−0.011");
    expect(difference("NaN", 1)).toBe("");
  });
});
