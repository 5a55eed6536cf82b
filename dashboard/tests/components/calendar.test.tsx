import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { asCalendar } from "../../src/views/registers/calendar/icalendar";
import { open, settled, violations } from "./open";

const review = {
  on: "2026-12-24T23:59:59Z",
  what: "Northwind; Models, GmbH\nEND:VEVENT: Review it",
  who: "olga@example.org",
  kind: "register",
  register_name: "policy_documents",
  link: "policy_documents/3f9a11c04d5e77a1",
  model_id: null,
  overdue: true,
} as const;
const signature = {
  on: "2026-12-31T23:59:59Z",
  what: "Sign: transparency",
  who: null,
  kind: "signature",
  register_name: null,
  link: "models/german-credit-bd8897/attestations",
  model_id: "german-credit-bd8897",
  overdue: false,
} as const;
const found = (due: unknown[]) => ({ status: 200, body: { due, until: "2027-03-01T00:00:00Z", whole: true } });

describe("the calendar", () => {
  it("says what is due of whom, leads to where it is done, and narrows to one person", async () => {
    const opened = open("#/registers/calendar", {
      name: "olga@example.org",
      answers: {
        "GET /calendar?days=90": found([review, signature]),
        "GET /calendar?days=90&owner=olga%40example.org": found([review]),
      },
    });
    await settled();
    screen.getByText("2 dates, 1 overdue");
    const link = screen.getByRole("link", { name: /^Northwind/ });
    expect(link.getAttribute("href")).toBe("#/registers/policies/3f9a11c04d5e77a1");
    within(link.closest("tr") as HTMLElement).getByText("overdue");
    expect(screen.getByRole("link", { name: /transparency/ }).getAttribute("href")).toBe(
      "#/models/german-credit-bd8897?section=compliance",
    );
    expect(await violations()).toEqual([]);
    await opened.user.click(screen.getByRole("button", { name: "Mine" }));
    await screen.findByText("1 date, 1 overdue");
    expect(screen.queryByText("nobody is named")).toBeNull();
  });

  it("is saved with one event a date, whatever a stored text holds, and lines of at most 75 octets", async () => {
    const text = await asCalendar([review, { ...signature, what: "ü".repeat(200) }], new Date("2026-11-30T12:00:00Z"));
    const lines = text.split("\r\n");
    expect(lines.filter((line) => line === "END:VEVENT")).toHaveLength(2);
    expect(lines).toContain("SUMMARY:Northwind\\; Models\\, GmbH\\nEND:VEVENT: Review it");
    expect(lines).toContain("DTSTART;VALUE=DATE:20261224");
    expect(Math.max(...lines.map((line) => new TextEncoder().encode(line).length))).toBeLessThanOrEqual(75);
    expect(text.replaceAll("\r\n ", "")).toContain("ü".repeat(200));
  });
});
