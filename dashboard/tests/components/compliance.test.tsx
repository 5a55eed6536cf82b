import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { DueSignature, LegalDate, ModelStatus, QuestionnaireForm } from "../../src/api/types";
import { together } from "../../src/views/compliance/dates";
import { answersOf, kindOf, labelled, questionsOf } from "../../src/views/compliance/questionnaire";
import { STATES } from "../../src/views/compliance/states";
import { byDate } from "../../src/views/today/desk";
import { word } from "../../src/words";
import { body, CREDIT, changes, dialog, open, settled, violations } from "./open";

const forms = body<{ questionnaires: QuestionnaireForm[] }>("GET /compliance/questionnaires").questionnaires;
const form = (id: string): QuestionnaireForm => forms.find((one) => one.id === id) as QuestionnaireForm;

describe("compliance over all models", () => {
  it("shows frameworks and models, the most urgent state first", async () => {
    open("#/compliance");
    await settled();
    const row = await screen.findByRole("row", { name: /^german-credit/ });
    const call = "GET /compliance/status?framework=gdpr&limit=100";
    const gdpr = body<{ statuses: ModelStatus[] }>(call).statuses.find((one) => one.model_id === CREDIT) as ModelStatus;
    const worst = STATES.find((state) => (gdpr.counts[state] ?? 0) > 0) as string;
    const cell = [...row.querySelectorAll("td")].find((one) => one.dataset["label"] === "GDPR");
    expect(cell?.textContent).toBe(`${gdpr.counts[worst]} ${word(worst).text}${gdpr.met} of ${gdpr.applicable} met`);
    expect(within(row).getAllByRole("link")[1]?.getAttribute("href")).toContain("framework=");
    expect(await violations()).toEqual([]);
  });

  it("lists the dates of the law by day, with what begins to apply and to which models", async () => {
    open("#/compliance?view=dates&kind=applies");
    await settled();
    const row = await screen.findByRole("row", { name: /^2 Dec 2027/ });
    expect(row.textContent).toContain("begins to apply");
    expect(
      within(row)
        .getAllByRole("link")
        .map((one) => one.textContent),
    ).toEqual(["car-loan", "german-credit"]);
    expect(screen.queryByText("evidence runs out", { selector: ".badge span" })).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it("puts deadlines of one day, kind and framework together", () => {
    const one = { on: "2027-12-02T00:00:00Z", kind: "applies", framework_id: "a", requirements: ["1"], model_id: "m" };
    const all = [one, { ...one, model_id: "n" }, { ...one, framework_id: "b" }] as LegalDate[];
    expect(together(all).map((group) => group.length)).toEqual([2, 1]);
    expect(byDate(all).map(([on, of]) => [on, of.length])).toEqual([["2027-12-02", 3]]);
  });
});

describe("a signature that is due", () => {
  const all = body<{ signatures: DueSignature[] }>("GET /compliance/signatures?limit=100&whose=all").signatures;
  const due = all.find((one) => one.model_id === CREDIT) as DueSignature;
  const mine = { status: 200, body: { signatures: [due], next_token: null } };

  it("is given on Today, on the words that are shown, by their hashes", async () => {
    const call = `POST /models/${CREDIT}/attestations`;
    const opened = open("#/", {
      groups: ["compliance_officer"],
      answers: { "GET /compliance/signatures?limit=100&whose=mine": mine, [call]: { status: 201, body: {} } },
    });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Sign" }));
    const form = within(dialog());
    for (const { text } of due.statements) expect(form.getByText(text)).toBeDefined();
    expect(form.getByLabelText<HTMLSelectElement>("Decision").value).toBe("");
    await opened.user.selectOptions(form.getByLabelText("Decision"), "affirmed");
    await opened.user.type(form.getByLabelText(/^Comment/), "Read it");
    await opened.user.click(form.getByRole("button", { name: "Sign" }));
    await screen.findByText(/^Signed: /);
    const [sent] = changes(opened);
    expect([sent?.call, sent?.body]).toEqual([
      call,
      {
        topic: due.topic,
        role: due.role,
        decision: "affirmed",
        comment: "Read it",
        statements: due.statements.map((one) => one.sha256),
      },
    ]);
    expect(await violations()).toEqual([]);
  });

  it("says before it is given what it settles in all frameworks, and what stays open", async () => {
    const effect = (framework_id: string, requirement_id: string, settled: boolean) => ({
      framework_id,
      requirement_id,
      framework_title: framework_id,
      title: `Title of ${requirement_id}`,
      before: "attestation_due",
      after: settled ? "met" : "not_met",
      settled,
      models: 1,
      why: settled ? "" : "the document is missing",
    });
    const preview = {
      kind: "attestation",
      model_id: CREDIT,
      models: 1,
      more: false,
      outside: [],
      statements: [],
      settles: [effect("eu_ai_act", "AIA-14", true), effect("iso_42001", "A.9.2", true), effect("soc2", "CC1", true)],
      leaves: [effect("gdpr", "GDPR-22", false)],
    };
    const asked = new URLSearchParams({ role: due.role, thing: "signature", topic: due.topic });
    const opened = open("#/", {
      groups: ["compliance_officer"],
      answers: {
        "GET /compliance/signatures?limit=100&whose=mine": mine,
        [`GET /models/${CREDIT}/compliance/preview?${asked}`]: {
          status: 200,
          body: preview,
        },
      },
    });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Sign" }));
    const form = within(dialog());
    await form.findByText("Signing settles 3 requirements in 3 frameworks; leaves 1 open.");
    expect(form.getByText("ISO/IEC 42001 A.9.2")).toBeDefined();
    expect(form.getByText("The document is missing")).toBeDefined();
    expect(await violations()).toEqual([]);
  });

  it("keeps what was written when the words are others by now", async () => {
    const call = `POST /models/${CREDIT}/attestations`;
    const detail = "the statements are not the ones that you were shown; look at them again";
    const opened = open("#/", {
      groups: ["compliance_officer"],
      answers: { "GET /compliance/signatures?limit=100&whose=mine": mine, [call]: { status: 409, body: { detail } } },
    });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Sign" }));
    const form = within(dialog());
    expect(form.getByLabelText<HTMLSelectElement>("Decision").value).toBe("");
    await opened.user.selectOptions(form.getByLabelText("Decision"), "affirmed");
    await opened.user.type(form.getByLabelText(/^Comment/), "Read it");
    await opened.user.click(form.getByRole("button", { name: "Sign" }));
    expect((await form.findByRole("alert")).textContent).toContain(detail);
    expect(form.getByLabelText<HTMLTextAreaElement>(/^Comment/).value).toBe("Read it");
  });

  it("stands first on a model's compliance tab for whoever signs it, and is only told to the others", async () => {
    open(`#/models/${CREDIT}?section=compliance`);
    await settled();
    await screen.findByText(
      "Nothing here waits for you. What is not met is listed below with who can do something about it.",
    );
    expect(screen.getByText(/more (?:is|are) signed by other people/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Sign" })).toBeNull();
  });

  it("is listed over all models", async () => {
    open("#/compliance?view=signatures");
    await settled();
    await screen.findByText(`${all.length} more are signed by other people`);
    expect(await violations()).toEqual([]);
  });
});

describe("a questionnaire", () => {
  it("is a form made from the description of its answers", () => {
    const { required, others } = questionsOf(form("ai_act"));
    expect(required.map(([name]) => name).sort()).toEqual([
      "annex_i_product",
      "area",
      "deployer",
      "profiling",
      "provider",
    ]);
    expect(others.length).toBeGreaterThan(30);
    expect(kindOf({ anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] })).toEqual({
      kind: "choice",
      options: ["a"],
    });
    expect(kindOf({ type: "object" }).kind).toBe("none");
  });

  it("names options by what the description says of them", () => {
    expect(
      labelled("Annex III; null: none. 2: safety; 1a: remote identification, verification excepted", ["2", "1a"]),
    ).toEqual({
      about: "Annex III",
      labels: { "2": "2: safety", "1a": "1a: remote identification, verification excepted" },
    });
  });

  it("never takes what was left open for a no, and keeps answers that it does not ask", () => {
    const before = { practice_exceptions: { a: ["b"] }, provider: true };
    const given = answersOf(form("ai_act"), { provider: "", deployer: "yes", profiling: "no", area: "" }, before);
    expect(given).toEqual({ practice_exceptions: { a: ["b"] }, deployer: true, profiling: false, area: null });
  });

  it("is answered where the requirements wait for it", async () => {
    const call = `PUT /models/${CREDIT}/classifications/soc2`;
    const opened = open(`#/models/${CREDIT}?section=compliance`, {
      groups: ["model_owner"],
      answers: {
        [call]: { status: 200, body: {} },
        [`GET /models/${CREDIT}`]: { status: 200, body: {} },
      },
    });
    await settled();
    const row = (await screen.findByText("Categories of the SOC 2 engagement")).closest("li") as HTMLElement;
    await opened.user.click(within(row).getByRole("button", { name: "Answer" }));
    const fields = within(dialog());
    for (const name of ["Availability", "Confidentiality", "Processing Integrity"])
      await opened.user.selectOptions(fields.getByLabelText(name), "yes");
    await opened.user.click(fields.getByRole("button", { name: "Answer" }));
    await fields.findByText("Fill this in.");
    await opened.user.selectOptions(fields.getByLabelText("Privacy"), "no");
    await opened.user.click(fields.getByRole("button", { name: "Answer" }));
    await screen.findByText(/^The answers are kept/);
    expect(changes(opened).map((one) => [one.call, one.body])).toEqual([
      [call, { answers: { availability: true, confidentiality: true, processing_integrity: true, privacy: false } }],
    ]);
  });
});

describe("a requirement that is not met", () => {
  it("takes a promise: who, what, until when", async () => {
    const call = `POST /models/${CREDIT}/remediations`;
    const opened = open(`#/models/${CREDIT}?section=compliance&framework=iso_42001`, {
      groups: ["admin"],
      answers: { [call]: { status: 201, body: {} } },
    });
    await settled();
    await opened.user.click(await screen.findByText("ISO-A.4.2"));
    const requirement = screen.getByText("ISO-A.4.2").closest("details") as HTMLElement;
    await opened.user.click(within(requirement).getByRole("button", { name: "Promise a remedy" }));
    const fields = within(dialog());
    await opened.user.type(fields.getByLabelText("Due"), "2026-12-24");
    await opened.user.click(fields.getByRole("button", { name: "Promise a remedy" }));
    await screen.findByText("Promised until 24 Dec 2026.");
    expect(changes(opened)[0]?.body).toMatchObject({
      framework_id: "iso_42001",
      requirement_id: "ISO-A.4.2",
      owner: "owner@example.com",
      due: "2026-12-24",
    });
  });
});

describe("reports", () => {
  const job = (change: object) => ({
    id: "r1",
    request: { kind: "compliance", format: "pdf", model_ids: [CREDIT], frameworks: ["eu_ai_act"] },
    requested_at: "2026-10-06T08:00:00Z",
    requested_by: "a@example.com",
    ...change,
  });
  const list = "GET /compliance/reports?limit=50";

  it("can be looked at before they are made", async () => {
    const call = "GET /compliance/report-preview?framework=gdpr&kind=compliance";
    const found = {
      title: "Compliance report",
      models: 21,
      shown: [
        {
          id: "car",
          name: "car-loan",
          frameworks: [{ framework_id: "gdpr", title: "GDPR", requirements: { met: 3, not_met: 2 } }],
        },
        { id: "new", name: "claims", frameworks: [] },
      ],
      fields: null,
      open: [],
    };
    const draft = { title: "Annex IV", models: 1, shown: [], fields: 40, open: ["1. General: Hardware"] };
    const opened = open("#/reports", {
      answers: {
        [call]: { status: 200, body: found },
        "GET /compliance/report-preview?framework=gdpr&kind=annex_iv": { status: 200, body: draft },
      },
    });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Ask for a report" }));
    const form = within(dialog());
    await opened.user.selectOptions(form.getByLabelText(/^Law or standard/), "gdpr");
    await opened.user.click(form.getByRole("button", { name: "Preview" }));
    await form.findByText("Compliance report on 21 models.");
    expect(form.getByRole("row", { name: /^car-loan/ }).textContent).toContain("GDPR: 2 not met, 3 met");
    expect(form.getByText("judged by none of them yet")).toBeDefined();
    expect(form.getByText(/and 19 more models/)).toBeDefined();
    expect(await violations()).toEqual([]);
    await opened.user.selectOptions(form.getByLabelText("What"), "annex_iv");
    await opened.user.click(form.getByRole("button", { name: "Preview" }));
    await form.findByText("39 of 40 fields are filled from records.");
    expect(form.getByText("1 field is to be completed")).toBeDefined();
    expect(changes(opened)).toEqual([]);
  });

  it("are asked for by model, law, period and format, and tell how far they are", async () => {
    const opened = open("#/reports", {
      answers: {
        [list]: {
          status: 200,
          body: { jobs: [job({ state: "running", progress: 0.4, step: "laws" })], next_token: null },
        },
        "POST /compliance/reports": { status: 202, body: job({}) },
      },
    });
    await settled();
    expect(screen.getByRole("progressbar").getAttribute("value")).toBe("0.4");
    await opened.user.click(screen.getByRole("button", { name: "Ask for a report" }));
    const fields = within(dialog());
    await opened.user.selectOptions(fields.getByLabelText(/^Model/), CREDIT);
    await opened.user.selectOptions(fields.getByLabelText(/^Law or standard/), "eu_ai_act");
    await opened.user.selectOptions(fields.getByLabelText("Format"), "evidence");
    await opened.user.click(fields.getByRole("button", { name: "Ask for a report" }));
    await screen.findByText(/^The report is being made/);
    expect(changes(opened)[0]?.body).toEqual({
      kind: "compliance",
      format: "evidence",
      model_ids: [CREDIT],
      framework: "eu_ai_act",
    });
  });

  it("show their hash, and why one failed", async () => {
    const jobs = [
      job({ state: "done", sha256: "ab".repeat(32), size: 48_211 }),
      job({ id: "r2", state: "failed", error: "No evidence." }),
    ];
    open("#/reports", { answers: { [list]: { status: 200, body: { jobs, next_token: null } } } });
    await settled();
    expect(screen.getByTitle("ab".repeat(32)).textContent).toBe(`${"ab".repeat(8)}…`);
    expect(screen.getByRole("button", { name: /Download/ }).textContent).toBe("Download48 kB");
    expect(screen.getByText("No evidence.")).toBeDefined();
    expect(await violations()).toEqual([]);
  });

  it("never follow a link that leads elsewhere than to a file on the web", async () => {
    const answers = {
      [list]: { status: 200, body: { jobs: [job({ state: "done" })], next_token: null } },
      "GET /compliance/reports/r1": { status: 200, body: { job: job({ state: "done" }), link: "javascript:alert(1)" } },
    };
    const opened = open("#/reports", { answers });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Download" }));
    await screen.findByText("The file is not ready yet.");
    await waitFor(() => expect(location.hash).toBe("#/reports"));
  });
});
