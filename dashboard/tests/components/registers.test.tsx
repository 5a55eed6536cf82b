import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { components } from "../../src/api/schema";
import { entryAddress } from "../../src/views/registers/kinds";
import { changes, dialog, open, settled, violations } from "./open";

type Incident = components["schemas"]["IncidentView"];

const ID = "3f9a11c04d5e77a1";
const soon = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

function incident(more: Partial<Incident> = {}): Incident {
  return {
    id: ID,
    title: "Wrong refusals",
    owner: "olga@example.org",
    state: "assessing",
    source: "customer",
    source_reference: "TICKET-4711",
    roles: ["provider", "controller"],
    model_ids: ["german-credit-bd8897"],
    alert_ids: [],
    member_states: [],
    aware_at: soon(-60),
    awareness: "",
    description: "",
    root_cause: "",
    conclusion: "",
    opened_at: soon(-59),
    opened_by: "olga@example.org",
    changed_at: soon(-59),
    changed_by: "olga@example.org",
    assessment: {} as Incident["assessment"],
    reports: [],
    measures: [],
    altered: [],
    clocks: [
      {
        name: "gdpr_authority",
        title: "Notify the data protection authority",
        legal_basis: "GDPR Art. 33(1)",
        from_what: "awareness of the breach",
        started_at: soon(-60),
        due: soon(11.9),
        by_law: true,
        period: { hours: 72 },
        extended_because: "",
        stopped_because: "",
      } as unknown as Incident["clocks"][number],
    ],
    standing: {
      due: soon(11.9),
      worst: "due_soon",
      clocks: [
        {
          name: "gdpr_authority",
          title: "Notify the data protection authority",
          state: "due_soon",
          due: soon(11.9),
          seconds_left: 42_840,
          at_once: false,
          by_law: true,
          period: "72 hours",
        },
      ],
      next_steps: [
        { name: "assess", title: "Decide what it is", asks: [] },
        {
          name: "report",
          title: "Notify the data protection authority",
          asks: ["recipient", "stage", "sent_at"],
          due: soon(11.9),
        },
        { name: "unheard_of", title: "Something new", asks: [] },
      ],
    },
    ...more,
  };
}

const ok = (found: unknown) => ({ status: 200, body: found, headers: { ETag: '"7"' } });
const ANSWERS = {
  "GET /incidents?limit=50": ok({ incidents: [incident()], next_token: "more" }),
  "GET /incidents?limit=50&token=more": ok({
    incidents: [incident({ id: "4f9a11c04d5e77a1", title: "Another", state: "closed" })],
    next_token: null,
  }),
  "GET /incidents/counts": ok({ by_state: { assessing: 2 }, by_urgency: { due_soon: 1 }, whole: true }),
  [`GET /incidents/${ID}`]: ok(incident()),
  [`GET /audit-logs?limit=100&subject=incident%2F${ID}`]: ok({
    entries: [
      {
        index: 7,
        hash: "a".repeat(64),
        previous: "",
        entry: {
          at: soon(-59),
          actor: "olga@example.org",
          action: "incident.opened",
          subject: `incident/${ID}`,
          details: { to: { state: "assessing" } },
        },
      },
    ],
    next_token: null,
  }),
};

describe("a register", () => {
  it("lists what is due first, with the time left, counts and pages", async () => {
    const opened = open("#/registers", { answers: ANSWERS });
    await settled();
    const row = (await screen.findByRole("link", { name: "Wrong refusals" })).closest("tr") as HTMLElement;
    expect(within(row).getByText("due soon")).toBeDefined();
    expect(within(row).getByText("12 hours left")).toBeDefined();
    expect(screen.getByText("being assessed", { selector: "li" }).textContent).toBe("2 being assessed");
    expect(await violations()).toEqual([]);
    await opened.user.click(screen.getByRole("button", { name: "Show more" }));
    await screen.findByRole("link", { name: "Another" });
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
    await opened.user.selectOptions(screen.getByLabelText("State"), "closed");
    expect(location.hash).toBe("#/registers?state=closed");
  });

  it("shows an entry with its clocks, its history and what may be done, and names what it has no form for", async () => {
    open(`#/registers/incidents/${ID}`, { answers: ANSWERS, groups: ["compliance_officer"] });
    await screen.findByRole("heading", { name: "Wrong refusals" });
    await settled();
    const page = document.querySelector("main")?.textContent ?? "";
    for (const said of ["GDPR Art. 33(1)", "12 hours left", "Incident opened", "Something new", "TICKET-4711"])
      expect(page).toContain(said);
    expect(await violations()).toEqual([]);
  });
});

describe("an incident", () => {
  it("is reported to whom its clock is about, with the edition that was seen", async () => {
    const opened = open(`#/registers/incidents/${ID}`, {
      groups: ["compliance_officer"],
      answers: { ...ANSWERS, [`POST /incidents/${ID}/reports`]: { status: 201, body: incident() } },
    });
    await opened.user.click(await screen.findByRole("button", { name: "Notify the data protection authority" }));
    const form = within(dialog());
    expect((form.getByLabelText("Who was told") as HTMLSelectElement).value).toBe("data_protection_authority");
    await opened.user.type(form.getByLabelText(/^When it was sent/), "2026-11-30T10:00");
    await opened.user.click(form.getByRole("button", { name: "Notify the data protection authority" }));
    await screen.findByText("Recorded as sent: Wrong refusals");
    const [sent] = changes(opened);
    expect(sent?.body).toMatchObject({
      recipient: "data_protection_authority",
      stage: "initial",
      sent_at: new Date("2026-11-30T10:00").toISOString(),
    });
    expect(sent?.headers.get("If-Match")).toBe('"7"');
  });

  it("stays undecided where nobody decides", async () => {
    const opened = open(`#/registers/incidents/${ID}`, {
      groups: ["compliance_officer"],
      answers: { ...ANSWERS, [`PUT /incidents/${ID}/assessment`]: ok(incident()) },
    });
    await opened.user.click(await screen.findByRole("button", { name: "Decide what it is" }));
    const form = within(dialog());
    await opened.user.selectOptions(form.getByLabelText(/^A breach of personal data/), "no");
    await opened.user.selectOptions(form.getByLabelText("Infringement of fundamental rights"), "yes");
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: "Decide what it is" }));
    await screen.findByText("Assessed: Wrong refusals");
    expect(changes(opened)[0]?.body).toMatchObject({
      serious: null,
      personal_data_breach: false,
      harms: ["fundamental_rights"],
      causal_link_at: null,
    });
  });
});

describe("an alert that names an entry of a register", () => {
  it("leads to the entry, and a model of such a name to itself", () => {
    expect(entryAddress(`incident-${ID}`)).toBe(`#/registers/incidents/${ID}`);
    expect(entryAddress("risk-0123456789abcdef")).toBe("#/registers/risks/0123456789abcdef");
    expect(entryAddress("risk-model")).toBeNull();
    expect(entryAddress("german-credit-bd8897")).toBeNull();
  });
});
