import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { LoggedEntry } from "../../src/api/types";
import { linesOf } from "../../src/views/audit/details";
import { matches, toCsv } from "../../src/views/audit/page";
import { open, settled, violations } from "./open";

const logged = (change: Partial<LoggedEntry["entry"]>, index = 1): LoggedEntry => ({
  entry: {
    action: "model.changed",
    actor: "ada@example.com",
    at: "2026-10-06T08:00:00Z",
    subject: "model/m",
    ...change,
  },
  hash: "h".repeat(64),
  index,
  previous: "p".repeat(64),
});

describe("the audit trail", () => {
  it("is filtered by who and what, and the choice is part of the address", async () => {
    const { user } = open("#/audit");
    await settled();
    const all = (await screen.findAllByRole("row")).length;
    await user.selectOptions(screen.getByLabelText("What was done"), "approval.requested");
    await waitFor(() => expect(location.hash).toBe("#/audit?action=approval.requested"));
    const rows = screen.getAllByRole("row").slice(1);
    expect(rows.length).toBeLessThan(all - 1);
    for (const row of rows) expect(within(row).getByRole("rowheader").textContent).toBe("Approval requested");
    expect(await violations()).toEqual([]);
  });

  it("does not ask the API for a subject that is only being typed", async () => {
    const opened = open("#/audit?subject=model");
    await settled();
    expect(opened.sent.filter(({ call }) => call.startsWith("GET /audit")).map(({ call }) => call)).toEqual([
      "GET /audit?limit=100",
    ]);
  });

  it("looks at the last days of the window, both included", () => {
    const at = (since: string, until: string): boolean => matches(logged({}), { since, until });
    expect(at("2026-10-06", "2026-10-06")).toBe(true);
    expect(at("2026-10-07", "2026-10-09")).toBe(false);
  });

  it("says whether it is intact", async () => {
    const head = { hash: "h", size: 126 };
    const { user } = open("#/audit", {
      answers: { "GET /audit/verify": { status: 200, body: { intact: true, head } } },
    });
    await settled();
    await user.click(screen.getByRole("button", { name: "Verify the trail" }));
    await screen.findByText("The trail is intact: 126 entries, each with the hash of the one before.");
  });

  it("becomes a file with every entry in full, and no formula", () => {
    const lines = toCsv([logged({ actor: "=cmd()", details: { a: 1 } })]).split("\r\n");
    expect(lines[1]).toBe(
      `1,2026-10-06T08:00:00Z,'=cmd(),model.changed,model/m,"{""a"":1}",${"h".repeat(64)},${"p".repeat(64)}`,
    );
  });
});

describe("the details of an entry", () => {
  it("tell what changed from what to what, and nothing of what did not", () => {
    expect(
      linesOf({ before: { owner: "a", window: "day" }, after: { owner: "b", window: "day" }, reason: "left" }),
    ).toEqual([
      { name: "owner", before: "a", after: "b" },
      { name: "reason", value: "left" },
    ]);
    expect(linesOf({ severity: "high", severity_before: "critical" })).toEqual([
      { name: "severity", before: "critical", after: "high" },
    ]);
    expect(linesOf({ owner: { before: null, after: "b" } })).toEqual([{ name: "owner", before: null, after: "b" }]);
  });
});

describe("settings", () => {
  it("say what one is, which cloud is not reached and why, and what each role may change", async () => {
    open("#/settings", { groups: ["compliance_officer"] });
    await settled();
    expect(screen.getByText(/Your groups: compliance officers/)).toBeDefined();
    const source = await screen.findByRole("row", { name: /eu-west-1/ });
    expect(source.textContent).toContain("not reached");
    expect(source.textContent).toContain("access was denied");
    expect(screen.getByText("Compliance officers").closest("details")?.open).toBe(true);
    expect(screen.getByText("Who is in which role is shown to administrators.")).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Add a framework" }).disabled).toBe(true);
    expect(await violations()).toEqual([]);
  });
});

describe("people", () => {
  const nina = { name: "nina", email: "nina@example.org", confirmed: true, enabled: true, roles: null };
  const me = { ...nina, name: "me", email: "somebody@example.com" };
  const users = "GET /users?limit=60";

  it("have their roles in view, and an administrator gives exactly those that are chosen", async () => {
    const put = "PUT /users/nina/roles";
    const opened = open("#/settings", {
      groups: ["admin"],
      answers: {
        [users]: { status: 200, body: { users: [nina, me], next_token: null } },
        "GET /users/nina": { status: 200, body: { ...nina, roles: ["auditor"] }, headers: { etag: '"7"' } },
        "GET /users/me": { status: 200, body: { ...me, roles: ["admin"] } },
        [put]: { status: 200, body: nina },
      },
    });
    await settled();
    const row = await screen.findByRole("row", { name: /^nina@example.org Auditors/ });
    expect(screen.getByRole("row", { name: /Nobody changes their own access/ })).toBeDefined();
    await opened.user.click(within(row).getByRole("button", { name: "Change roles" }));
    const form = within(screen.getByRole("dialog"));
    await opened.user.selectOptions(form.getByLabelText("ML engineers"), "yes");
    await opened.user.click(form.getByRole("button", { name: "Change roles" }));
    await screen.findByText("nina@example.org has these roles now.");
    const sent = opened.sent.find(({ call }) => call === put);
    expect(sent?.body).toEqual({ roles: ["auditor", "ml_engineer"] });
    expect(sent?.headers.get("if-match")).toBe('"7"');
    expect(await violations()).toEqual([]);
  });
});
