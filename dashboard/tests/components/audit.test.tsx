import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { LoggedEntry } from "../../src/api/types";
import { linesOf } from "../../src/views/audit/details";
import { toCsv } from "../../src/views/audit/page";
import { dayOf, wantedOf } from "../../src/views/audit/search";
import { type Answers, body, open, settled, violations } from "./open";

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

const read = (file: Blob): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsText(file);
  });

describe("the audit trail", () => {
  it("is searched by the API, by who, what and when, and the search is part of the address", async () => {
    const { entries } = body<{ entries: LoggedEntry[] }>("GET /audit-logs?limit=100");
    const asked = entries.filter(({ entry }) => entry.action === "approval.requested");
    const call = "GET /audit-logs?action=approval.requested&limit=100";
    const { user } = open("#/audit", {
      answers: { [call]: { status: 200, body: { entries: asked, next_token: null } } },
    });
    await settled();
    await user.type(screen.getByLabelText("What was done"), "approval.requested");
    await waitFor(() => expect(location.hash).toBe("#/audit?action=approval.requested"));
    await screen.findByText(`${asked.length} entries match.`);
    for (const row of screen.getAllByRole("row").slice(1))
      expect(within(row).getByRole("rowheader").textContent).toBe("Approval requested");
    expect(await violations()).toEqual([]);
  });

  it("does not ask the API for a subject or an action that is only being typed", async () => {
    const opened = open("#/audit?subject=model&action=appr");
    await settled();
    expect(opened.sent.filter(({ call }) => call.startsWith("GET /audit")).map(({ call }) => call)).toEqual([
      "GET /audit-logs?limit=100",
    ]);
  });

  it("looks at whole days of the person's zone, both included", () => {
    const { from, to } = wantedOf({ since: "2026-10-06", until: "2026-10-06" });
    expect(Date.parse(to ?? "") - Date.parse(from ?? "")).toBe(86_400_000);
    expect(new Date(from ?? "").getHours()).toBe(0);
    expect(wantedOf({ since: "2026-13-40", subject: "model" })).toEqual({});
    expect(dayOf(Date.parse(from ?? ""))).toBe("2026-10-06");
  });

  it("becomes a file of everything that matches, however many pages that is", async () => {
    const page = (index: number, next_token: string | null) => ({
      status: 200,
      body: { entries: [logged({}, index)], next_token },
    });
    const saved = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
    vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
    const opened = open("#/audit?since=2026-10-01");
    await settled();
    opened.answers = new Proxy({} as Answers, {
      get: (_, call: string) =>
        call.startsWith("GET /audit-logs?") ? (call.includes("token=t") ? page(1, null) : page(2, "t")) : undefined,
    });
    await opened.user.click(screen.getByRole("button", { name: "CSV" }));
    await screen.findByText("2 entries are in audit.csv.");
    const [file] = saved.mock.calls[0] ?? [];
    expect((await read(file as Blob)).trim().split("\r\n")).toHaveLength(3);
  });

  it("proves an entry in the browser, and says once whose key it believes", async () => {
    const { user } = open("#/audit");
    await settled();
    const [first] = body<{ entries: LoggedEntry[] }>("GET /audit-logs?limit=100").entries;
    await user.click(screen.getByRole("button", { name: `Prove entry ${first?.index}` }));
    const proof = within(await screen.findByRole("dialog"));
    await proof.findByText(new RegExp(`^Entry ${first?.index} is in the trail of`));
    expect(proof.getAllByText("holds")).toHaveLength(4);
    await user.click(proof.getByRole("button", { name: "Keep this key on this device" }));
    await proof.findByText("It is the key that was kept on this device.");
    expect(await violations()).toEqual([]);
  });

  it("does not prove an entry that the list shows otherwise than it was logged, nor believe another key", async () => {
    localStorage.setItem("syndic.log-key", "other+00000000+AAAA");
    const list = body<{ entries: LoggedEntry[] }>("GET /audit-logs?limit=100");
    const [first] = list.entries;
    if (first) first.entry = { ...first.entry, actor: "somebody else" };
    const { user } = open("#/audit", { answers: { "GET /audit-logs?limit=100": { status: 200, body: list } } });
    await settled();
    await user.click(screen.getByRole("button", { name: `Prove entry ${first?.index}` }));
    const proof = within(await screen.findByRole("dialog"));
    await proof.findByText(`Entry ${first?.index} is not proven.`);
    expect(proof.getAllByText("does not hold")).toHaveLength(1);
    expect(proof.getByText(/^This is not the key that was kept/)).toBeDefined();
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
