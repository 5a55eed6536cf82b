import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { components } from "../../src/api/schema";
import { changes, dialog, open, settled, violations } from "./open";

type Schemas = components["schemas"];
type Vendor = Schemas["VendorView"];

const ID = "3f9a11c04d5e77a1";
const AT = "2026-11-01T08:00:00Z";
const HASH = "ab".repeat(32);

const question = (id: string, asks: string, wanted: "yes" | "no") => ({ id, asks, because: "Art. 28(3)", wanted });

const vendor = {
  entry: {
    id: ID,
    title: "Northwind Models GmbH",
    owner: "olga@example.org",
    state: "active",
    model_ids: ["german-credit-bd8897"],
    opened_at: AT,
    opened_by: "olga@example.org",
    changed_at: AT,
    changed_by: "olga@example.org",
    closed_at: null,
    clocks: [],
    supplies: ["model", "hosting"],
    processes_personal_data: null,
    free_and_open_source: false,
    website: "",
    contact: "",
    country: "DE",
    answered_at: AT,
    answered_by: "olga@example.org",
    answers_due: "2027-11-01",
    answers: { transfers: { answer: "yes", note: "USA, no clauses" } },
    agreements: [
      {
        id: "a1",
        kind: "ai_act_25_4",
        title: "Supply agreement",
        signed_on: "2025-01-01",
        expires_on: "2126-12-31",
        location: "contracts/4711",
        sha256: HASH,
        settles: ["information", "capabilities"],
        notice_days: 30,
        recorded_at: AT,
        recorded_by: "olga@example.org",
        ended_because: "",
      },
    ],
  },
  missing: ["agreement: a processor's contract by Art. 28(3) of the GDPR: none on record"],
  questions: [
    question("transfers", "Do personal data leave the EEA without a ground?", "no"),
    question("security", "Is security examined by somebody independent?", "yes"),
  ],
  findings: { concerns: ["transfers"], open: ["security"] },
  standing: {
    due: "2126-12-31T23:59:59Z",
    worst: "running",
    clocks: [],
    next_steps: [
      { name: "agreement", title: "Record an agreement", asks: ["kind"] },
      { name: "questionnaire", title: "Answer the questionnaire", asks: ["answers"] },
      { name: "review", title: "Review it", asks: ["next_review"] },
      { name: "change", title: "Change what is said of it, or end the relation", asks: [] },
    ],
  },
} as unknown as Vendor;

const ok = (body: unknown, status = 200) => ({ status, body, headers: { ETag: '"7"' } });
const counts = { by_state: { active: 1 }, by_urgency: { running: 1 }, whole: true };
const ANSWERS = {
  "GET /vendors?limit=50": ok({ vendors: [vendor], counts, next_token: null }),
  "GET /vendors?limit=1": ok({ vendors: [vendor], counts, next_token: "more" }),
  [`GET /vendors/${ID}`]: ok(vendor),
  [`GET /audit-logs?limit=100&subject=vendor/${ID}`]: ok({ entries: [], next_token: null }),
};
const ENTRY = `#/registers/vendors/${ID}`;

describe("a vendor", () => {
  it("is added with what it supplies and what depends on it", async () => {
    const opened = open("#/registers/vendors", {
      groups: ["compliance_officer"],
      answers: { ...ANSWERS, "POST /vendors": ok(vendor, 201) },
    });
    await settled();
    expect(screen.getByText("1 point is missing")).toBeDefined();
    expect(await violations()).toEqual([]);
    await opened.user.click(screen.getByRole("button", { name: "Add a vendor" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText("Name"), "Northwind Models GmbH");
    await opened.user.selectOptions(form.getByLabelText("hosting"), "yes");
    await opened.user.click(await form.findByRole("button", { name: /^german-credit/ }));
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: "Add a vendor" }));
    await screen.findByText("Northwind Models GmbH is in the register.");
    expect(changes(opened)[0]?.body).toEqual({
      name: "Northwind Models GmbH",
      state: "prospective",
      supplies: ["hosting"],
      model_ids: ["german-credit-bd8897"],
      processes_personal_data: null,
      free_and_open_source: false,
      website: "",
      contact: "",
    });
  });

  it("says what is missing, what an agreement in force does not settle, and what answers raise", async () => {
    open(ENTRY, { answers: ANSWERS });
    await settled();
    screen.getByText(/processor's contract by Art. 28\(3\)/);
    const row = within(screen.getByRole("row", { name: /^Supply agreement/ }));
    row.getByText("in force, not complete");
    row.getByText("does not settle: technical access; other assistance");
    within(screen.getByRole("list", { name: "Answers that raise a concern" })).getByText(/leave the EEA/);
    screen.getByText("1 question is open");
    expect(await violations()).toEqual([]);
  });

  it("takes an agreement with what its kind settles alone, and a hash computed from the document", async () => {
    const post = `POST /vendors/${ID}/agreements`;
    const opened = open(ENTRY, { groups: ["admin"], answers: { ...ANSWERS, [post]: ok(vendor, 201) } });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Record an agreement" }));
    const form = within(dialog());
    await opened.user.selectOptions(form.getByLabelText("What it is for"), "gdpr_28");
    await opened.user.type(form.getByLabelText("Title"), "Processing contract");
    await opened.user.type(form.getByLabelText("Signed on"), "2026-11-01");
    await opened.user.type(form.getByLabelText("Where the document is"), "contracts/4712");
    const bytes = new TextEncoder().encode("abc").buffer;
    const file = Object.assign(new File(["abc"], "contract.pdf"), { arrayBuffer: async () => bytes });
    await opened.user.upload(form.getByLabelText(/^Choose the document/), file);
    await form.findByDisplayValue(/^ba7816bf/);
    await opened.user.selectOptions(form.getByLabelText("capabilities"), "yes");
    await opened.user.selectOptions(form.getByLabelText(/^information and audits/), "yes");
    await opened.user.click(form.getByRole("button", { name: "Record an agreement" }));
    await screen.findByText(/^The agreement is on record/);
    const [sent] = changes(opened);
    expect(sent?.headers.get("if-match")).toBe('"7"');
    expect(sent?.body).toEqual({
      kind: "gdpr_28",
      title: "Processing contract",
      signed_on: "2026-11-01",
      location: "contracts/4712",
      sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      notice_days: 30,
      settles: ["audits"],
    });
  });

  it("is answered for all at once, and what is left open is not sent", async () => {
    const put = `PUT /vendors/${ID}/questionnaire`;
    const opened = open(ENTRY, { groups: ["admin"], answers: { ...ANSWERS, [put]: ok(vendor) } });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Answer" }));
    const form = within(dialog());
    expect(await violations()).toEqual([]);
    await opened.user.selectOptions(form.getByLabelText(/leave the EEA/), "no");
    await opened.user.click(form.getByRole("button", { name: "Answer" }));
    await screen.findByText(/^The answers are kept/);
    expect(changes(opened)[0]?.body).toEqual({
      answers: { transfers: { answer: "no", note: "USA, no clauses" } },
    });
  });
});
