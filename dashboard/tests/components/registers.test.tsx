import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { components } from "../../src/api/schema";
import type { Alert } from "../../src/api/types";
import { entryAddress } from "../../src/views/registers/kinds";
import { body, changes, dialog, open, settled, violations } from "./open";

type Incident = components["schemas"]["IncidentView"];
type Risk = components["schemas"]["RiskView"];
type PersonRequest = components["schemas"]["RequestView"];

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
    await opened.user.click(form.getByRole("button", { name: "Record that it was sent" }));
    await screen.findByText("Recorded as sent: Wrong refusals");
    const [sent] = changes(opened);
    expect(sent?.body).toMatchObject({
      recipient: "data_protection_authority",
      stage: "initial",
      sent_at: new Date("2026-11-30T10:00").toISOString(),
    });
    expect(sent?.headers.get("If-Match")).toBe('"7"');
  });

  it("is opened on models chosen by name, and what is refused stands at its field in words", async () => {
    const problems = [
      { where: "body.roles", problem: "needs 1 at least" },
      { where: "body.alert_ids.0", problem: "no such alert" },
    ];
    const refused = {
      detail: "The request does not fit the API's description.",
      code: "invalid_request",
      errors: problems,
    };
    const opened = open("#/registers/incidents", {
      groups: ["compliance_officer"],
      answers: { ...ANSWERS, "POST /incidents": { status: 422, body: refused } },
    });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Open an incident" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText(/^What happened/), "Wrong refusals");
    await opened.user.selectOptions(form.getByLabelText("Known by"), "customer");
    await opened.user.type(form.getByLabelText("Models: find by name"), "german{enter}");
    await opened.user.click(await form.findByRole("button", { name: /^german-credit AWS/ }));
    expect(form.getByRole("button", { name: "Without german-credit" })).toBeDefined();
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: "Open an incident" }));
    await form.findByText("needs 1 at least");
    form.getByText("Some of what is filled in is missing or does not fit.");
    form.getByText("Alert ids: no such alert");
    expect(changes(opened)[0]?.body).toMatchObject({ model_ids: ["german-credit-bd8897"], source: "customer" });
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

const none = { clocks: [], due: null, worst: null };
const kept = {
  opened_at: soon(-59),
  opened_by: "olga@example.org",
  changed_at: soon(-59),
  changed_by: "olga@example.org",
};
const RISK = {
  ...kept,
  id: ID,
  title: "Refuses older applicants",
  owner: "olga@example.org",
  kind: "fundamental_rights",
  origin: "intended_use",
  state: "assessed",
  vulnerable: null,
  model_ids: [],
  controls: [],
  inherent: { likelihood: "likely", impact: "major", reason: "seen twice" },
  inherent_rating: "high",
  residual: { likelihood: "unlikely", impact: "serious", reason: "" },
  residual_rating: "medium",
  standing: {
    ...none,
    next_steps: [
      { name: "decide", title: "Decide on what is left of it", asks: ["kind", "role", "reason", "expires"] },
      { name: "assess", title: "Assess it anew", asks: ["inherent", "residual"] },
    ],
  },
} as unknown as Risk;

describe("a risk", () => {
  const answers = { [`GET /risks/${ID}`]: ok(RISK) };

  it("is accepted in a role, with a reason and an end, on the level that is shown", async () => {
    const opened = open(`#/registers/risks/${ID}`, {
      groups: ["risk_owner"],
      answers: { ...answers, [`POST /risks/${ID}/decision`]: ok(RISK) },
    });
    const label = "Accept what is left, or decide otherwise";
    await opened.user.click(await screen.findByRole("button", { name: label }));
    const form = within(dialog());
    expect(form.getByText("What is left: Medium (Unlikely, serious)")).toBeDefined();
    expect((form.getByLabelText("Decision") as HTMLSelectElement).value).toBe(""); // nobody's decision is preset
    await opened.user.selectOptions(form.getByLabelText("Decision"), "accept");
    await opened.user.selectOptions(form.getByLabelText("In which role"), "risk owner");
    await opened.user.type(form.getByLabelText("Why"), "Each refusal is looked at");
    await opened.user.type(form.getByLabelText(/^Until/), "2027-06-30");
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: label }));
    await screen.findByText("Decided: Refuses older applicants");
    expect(changes(opened)[0]?.body).toEqual({
      kind: "accept",
      role: "risk owner",
      reason: "Each refusal is looked at",
      expires: "2027-06-30",
    });
  });

  it("may be assessed without what is left, and says at the field what the API refuses", async () => {
    const problem = "say why likelihood and impact are seen so";
    const refused = { status: 422, body: { detail: "Refused.", errors: [{ where: "body.inherent.reason", problem }] } };
    const opened = open(`#/registers/risks/${ID}`, {
      groups: ["risk_owner"],
      answers: {
        [`GET /risks/${ID}`]: ok({ ...RISK, residual: null, residual_rating: null }),
        [`PUT /risks/${ID}/assessment`]: refused,
      },
    });
    const label = "Assess it, so that it can be accepted";
    await opened.user.click(await screen.findByRole("button", { name: label }));
    await opened.user.click(within(dialog()).getByRole("button", { name: label }));
    await within(dialog()).findByText(problem);
    within(dialog()).getByText("Some of what is filled in is missing or does not fit.");
    expect(changes(opened)[0]?.body).toEqual({ inherent: RISK.inherent, residual: null });
  });
});

describe("a request of a person", () => {
  const REQUEST = {
    ...kept,
    id: ID,
    title: "access P-7",
    owner: "olga@example.org",
    right: "access",
    reference: "P-7",
    channel: "letter",
    received_at: soon(-59),
    state: "in_progress",
    identity: "confirmed",
    warnings: ["the note looks like a telephone number"],
    standing: { ...none, next_steps: [{ name: "answer", title: "Record the answer", asks: ["outcome", "at"] }] },
  } as unknown as PersonRequest;

  it("is refused with a ground, and warns of what may name the person", async () => {
    const opened = open(`#/registers/requests/${ID}`, {
      groups: ["data_protection_officer"],
      answers: { [`GET /requests/${ID}`]: ok(REQUEST), [`POST /requests/${ID}/answer`]: ok(REQUEST) },
    });
    await screen.findByText("This may name a person: the note looks like a telephone number");
    await opened.user.click(screen.getByRole("button", { name: "Refuse" }));
    const form = within(dialog());
    await opened.user.selectOptions(form.getByLabelText("Ground of the refusal"), "excessive");
    await opened.user.type(form.getByLabelText("The reason, as the person was told it"), "The tenth this month");
    await opened.user.selectOptions(form.getByLabelText("The person was told of complaint and remedy"), "yes");
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: "Refuse" }));
    await screen.findByText("Answer recorded: access P-7");
    expect(changes(opened)[0]?.body).toMatchObject({
      outcome: "refused",
      ground: "excessive",
      told_of_remedies: true,
      recipients_told: null,
      at: null,
    });
  });
});

describe("an alert", () => {
  const alerts = body<{ alerts: Alert[] }>("GET /alerts?limit=100");
  const alert = alerts.alerts.find((one) => one.state !== "resolved") as Alert;

  it("opens an incident that names it, and leads there", async () => {
    const opened = open("#/alerts", {
      groups: ["compliance_officer"],
      name: "olga@example.org",
      answers: {
        ...ANSWERS,
        "GET /alerts?limit=100": ok({ ...alerts, alerts: [alert] }),
        "POST /incidents": { status: 201, body: incident() },
      },
    });
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Open an incident" })).toHaveProperty("disabled", false),
    );
    await opened.user.click(screen.getByRole("button", { name: "Open an incident" }));
    const form = within(dialog());
    await opened.user.selectOptions(form.getByLabelText("Provider of the AI system"), "yes");
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: "Open an incident" }));
    await screen.findByRole("heading", { name: "Wrong refusals" });
    expect(location.hash).toBe(`#/registers/incidents/${ID}`);
    expect(changes(opened)[0]?.body).toMatchObject({
      title: alert.title,
      source: "alert",
      alert_ids: [alert.id],
      roles: ["provider"],
      aware_at: null,
    });
  });

  it("about an entry leads to the entry and opens no incident of its own", async () => {
    const about = { ...alert, model_id: `incident-${ID}`, model_name: "Wrong refusals", concern: "compliance" };
    open("#/alerts", {
      groups: ["admin"],
      answers: { "GET /alerts?limit=100": ok({ ...alerts, alerts: [about] }) },
    });
    const name = await screen.findByRole("link", { name: "Wrong refusals" });
    expect(name.getAttribute("href")).toBe(`#/registers/incidents/${ID}`);
    expect(screen.getByRole("link", { name: alert.title }).getAttribute("href")).toBe(`#/registers/incidents/${ID}`);
    await screen.findByRole("button", { name: "Acknowledge" });
    expect(screen.queryByRole("button", { name: "Open an incident" })).toBeNull();
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
