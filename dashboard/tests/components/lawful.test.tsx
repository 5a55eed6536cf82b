import { fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { body, CAR, CREDIT, changes, dialog, open, settled, violations } from "./open";

const AT = "2026-11-01T08:00:00Z";
const ok = (body: unknown, etag = '"7"') => ({ status: 200, body, headers: { ETag: etag } });

const running = {
  model_id: CREDIT,
  name: "German credit",
  checks: [
    { check: "drift", runs: true, policy_sha256: "a", rules: {} },
    { check: "bias", runs: false, why_not: "no ground truth", policy_sha256: "a", rules: {} },
  ],
  told: ["risk-desk"],
};
const kept = {
  id: "3f9a11c04d5e77a1",
  opened_at: AT,
  opened_by: "olga@example.org",
  changed_at: AT,
  changed_by: "olga@example.org",
  owner: "olga@example.org",
  model_ids: [CREDIT],
};
const plan = {
  ...kept,
  number: 1,
  state: "approved",
  title: "Plan",
  sha256: "ab".repeat(32),
  content: running,
  approved_at: AT,
  approved_by: "dora@example.org",
  statements: { feedback: "A form", interaction: "none", evaluation: "each quarter", action: "stop it" },
};
const following = {
  model_id: CREDIT,
  plan,
  draft: { ...plan, id: "4f9a11c04d5e77a1", number: 2, state: "draft" },
  follows: false,
  running,
  last_runs: { drift: AT },
  overdue: ["drift: planned for every hour, none since 2026-11-01"],
  differences: [{ field: "window", planned: "hour", now: "day" }],
  missing: [],
  standing: null,
};

const item = (id: string, asks: string) => ({
  item: { id, asks, legal_basis: "Annex VI(2)", rests_on: ["AIA-17"] },
  done: false,
  note: "",
  states: { "AIA-17": "not_met" },
});
const file = {
  file: { ...kept, version: "7", state: "open", route: "annex_vi", route_reasons: "", checks: {} },
  items: [item("quality_system", "Is there a quality management system?"), item("documentation", "Was it examined?")],
  open: ["2 items are not noted"],
  standing: { due: null, worst: null, clocks: [], next_steps: [] },
};
const conformity = {
  model_id: CREDIT,
  high_risk: true,
  proposed_route: "annex_vi",
  routes: ["annex_vi"],
  files: [file],
  modifications: [
    { ...kept, version: "6", state: "substantial", assessed: false, reasons: "new data", compared_with: "5" },
  ],
  undecided: ["8"],
  missing: [],
  next_steps: ["decide whether version 8 is a substantial modification"],
};
const registration = {
  applies: true,
  changed_since: false,
  sha256: "ab".repeat(32),
  registration: { ...kept, section: "A", state: "draft", title: "Registration", given: { "2": "Agent" } },
  next_steps: [],
  data: {
    article: "Art. 49(1)",
    database: "the EU database",
    model_id: CREDIT,
    section: "A",
    missing: ["A.3: address"],
    open: [],
    points: [
      { number: "1", asks: "Name of the provider", need: "always", value: "Example GmbH", source: "settings" },
      { number: "2", asks: "Who submits it", need: "where_applicable", value: "Agent", source: "given" },
      { number: "3", asks: "Address", need: "always", value: null, source: null },
    ],
  },
};
const at = `/models/${CREDIT}`;
const ANSWERS = {
  [`GET ${at}/compliance`]: ok({ statuses: [] }), // a long page, which other tests look at
  [`GET ${at}/monitoring-plan`]: ok(following),
  [`GET ${at}/conformity`]: ok(conformity),
  [`GET ${at}/conformity/${kept.id}`]: ok(file),
  [`GET ${at}/registration`]: ok(registration),
  [`POST ${at}/monitoring-plans/${following.draft.id}/approve`]: ok(plan),
  [`PATCH ${at}/conformity/${kept.id}`]: ok(file.file),
  [`POST ${at}/modifications`]: ok(conformity.modifications[0]),
  [`POST ${at}/registration/points`]: ok(registration),
};
const show = (part: string) =>
  open(`#/models/${CREDIT}?section=compliance${part}`, { groups: ["compliance_officer"], answers: ANSWERS });

describe("the file of a model by the AI Act", () => {
  it("reads a part when it is opened, and holds the plan against what runs before it is approved", async () => {
    const opened = show("");
    await settled();
    const summary = await screen.findByText("Post-market monitoring plan");
    expect(opened.sent.some(({ call }) => call.endsWith("/monitoring-plan"))).toBe(false);
    await opened.user.click(summary);
    await screen.findByText("Plan no. 1 is in force");
    screen.getByText(/none since 2026-11-01/);
    expect(within(screen.getByRole("row", { name: /^Window/ })).getByText("day")).toBeDefined();
    expect(screen.queryByText(/as it is planned/)).toBeNull();
    expect(location.hash).toContain("file=plan");
    expect(await violations()).toEqual([]);
    await opened.user.click(screen.getByRole("button", { name: "Approve" }));
    await opened.user.click(within(dialog()).getByRole("button", { name: "Approve" }));
    await screen.findByText("Plan no. 2 is in force.");
  });

  it("goes on with an assessment: only the items that were noted are sent, with the edition that was seen", async () => {
    const opened = show("&file=conformity");
    await settled();
    await screen.findByText("2 items are not noted");
    screen.getByText("Nobody decided of: 8.");
    screen.getByText("substantial, to be assessed again");
    expect(await violations()).toEqual([]);
    await opened.user.click(screen.getByRole("button", { name: "Go on" }));
    const form = within(dialog());
    await opened.user.selectOptions(form.getByLabelText("Is there a quality management system?"), "yes");
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: "Go on" }));
    await screen.findByText("The assessment is kept.");
    const [sent] = changes(opened);
    expect(sent?.headers.get("if-match")).toBe('"7"');
    expect(sent?.body).toEqual({
      route: "annex_vi",
      route_reasons: "",
      standards: [],
      foreseen: [],
      checks: { quality_system: { done: true, note: "" } },
    });
  });

  it("decides of a version only on what a person says", async () => {
    const opened = show("&file=conformity");
    await settled();
    await opened.user.click(await screen.findByRole("button", { name: "Decide on a version" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText("Reasons"), "Trained again on the same data");
    await opened.user.click(form.getByRole("button", { name: "Decide on a version" }));
    expect(changes(opened)).toEqual([]);
    await opened.user.selectOptions(form.getByLabelText(/^Compliance with the requirements/), "no");
    await opened.user.selectOptions(form.getByLabelText(/^The intended purpose/), "no");
    await opened.user.click(form.getByRole("button", { name: "Decide on a version" }));
    await screen.findByText("It is decided of version 8.");
    expect(changes(opened)[0]?.body).toEqual({
      version: "8",
      affects_compliance: false,
      changes_purpose: false,
      reasons: "Trained again on the same data",
    });
  });

  it("names each point of Annex VIII that is missing, and takes back one that was emptied", async () => {
    const opened = show("&file=registration");
    await settled();
    const row = await screen.findByRole("row", { name: /^3\. Address/ });
    within(row).getByText("missing");
    expect(await violations()).toEqual([]);
    await opened.user.click(screen.getByRole("button", { name: "Give points" }));
    const form = within(dialog());
    expect(form.queryByLabelText(/^1\./)).toBeNull();
    await opened.user.clear(form.getByLabelText(/^2\. Who/));
    await opened.user.type(form.getByLabelText(/^3\. Address/), "Berlin");
    await opened.user.click(form.getByRole("button", { name: "Give points" }));
    await screen.findByText("The points are kept.");
    expect(changes(opened)[0]?.body).toEqual({ section: "A", given: { "2": "", "3": "Berlin" } });
  });
});

describe("the form of Art. 6(4)", () => {
  const ADDRESS = `#/models/${CREDIT}?section=compliance&file=high-risk`;
  const CALL = `POST /models/${CREDIT}/high-risk-assessment`;
  const READ = `GET /models/${CREDIT}/high-risk-assessment`;

  it("asks for the reasons of each ground that the answers rely on, and is signed once nothing is missing", async () => {
    const held = body<{ forms: object[]; missing: string[] }>(READ);
    const answers = { [CALL]: { status: 201, body: held.forms[0] } };
    const opened = open(ADDRESS, { groups: ["admin"], answers });
    await screen.findByText(/^Influence: why it does not/);
    expect(screen.queryByRole("button", { name: "Sign the form" })).toBeNull();
    await opened.user.click(screen.getByRole("button", { name: "Fill the form" }));
    const form = within(dialog());
    expect(form.getByLabelText<HTMLTextAreaElement>(/^\(a\) It performs/).value).toContain("one of four folders");
    const write = (label: RegExp, value: string) => fireEvent.change(form.getByLabelText(label), { target: { value } });
    write(/^Why it does not materially/, "A person decides");
    write(/^Why it does not profile/, "It sees none");
    await opened.user.click(form.getByRole("button", { name: "Fill the form" }));
    await screen.findByText("The form of version 1.1.0 is kept.");
    expect(await violations()).toEqual([]);
    expect(changes(opened)[0]?.body).toMatchObject({
      version: "1.1.0",
      influence: "A person decides",
      no_profiling: "It sees none",
      sign: false,
    });
  });

  it("is signed by its version alone", async () => {
    const held = { ...body<object>(READ), missing: [] };
    const opened = open(ADDRESS, {
      groups: ["admin"],
      answers: { [READ]: { status: 200, body: held }, [CALL]: { status: 201, body: {} } },
    });
    await settled();
    await opened.user.click(await screen.findByRole("button", { name: "Sign the form" }));
    await opened.user.click(within(dialog()).getByRole("button", { name: "Sign the form" }));
    await screen.findByText("The form of version 1.1.0 is signed.");
    expect(changes(opened).map(({ call, body: sent }) => [call, sent])).toEqual([
      [CALL, { version: "1.1.0", sign: true }],
    ]);
  });

  it("is not offered where the answers rely on no exception", async () => {
    open(`#/models/${CAR}?section=compliance&file=high-risk`, { groups: ["admin"] });
    await settled();
    await screen.findByText(/it is not known whether the form is owed/);
    expect(screen.queryByRole("button", { name: "Fill the form" })).toBeNull();
  });
});
