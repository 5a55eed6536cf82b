/** The forms of the registers of systems, processing and people: what is typed is what the API is told. */

import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { body, changes, dialog, open, recorded, settled, violations } from "./open";

const one = (path: string): string => {
  const found = Object.keys(recorded).find((call) => call.startsWith(`GET ${path}/`) && !call.includes("counts"));
  return (found ?? "").split("/").at(-1) ?? "";
};
const GROUPS = ["admin"];
const made = { status: 201, body: {} };

describe("a system", () => {
  it("is added with what it is, what it does and where", async () => {
    const opened = open("#/registers/systems", { groups: GROUPS, answers: { "POST /systems": made } });
    await settled();
    await opened.user.click(await screen.findByRole("button", { name: "Add a system" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText("Name"), "Sorter of mail");
    await opened.user.selectOptions(form.getByLabelText("What it is"), "spreadsheet");
    await opened.user.selectOptions(form.getByLabelText("deployer"), "yes");
    await opened.user.selectOptions(form.getByLabelText("personal"), "yes");
    await opened.user.type(form.getByLabelText(/^Countries/), "de{enter}fr");
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: "Add a system" }));
    await screen.findByText("Sorter of mail is in the inventory, and judged within a minute.");
    expect(changes(opened)[0]?.body).toEqual({
      name: "Sorter of mail",
      origin: "spreadsheet",
      state: "idea",
      roles: ["deployer"],
      supplier: "",
      data_categories: ["personal"],
      countries: ["DE", "FR"],
    });
  });

  it("shows at its field what the API refuses, and keeps what was typed", async () => {
    const refusal = {
      status: 422,
      body: {
        title: "x",
        status: 422,
        detail: "No.",
        errors: [{ where: "body.vendor_id", problem: "no such vendor" }],
      },
    };
    const opened = open("#/registers/systems", { groups: GROUPS, answers: { "POST /systems": refusal } });
    await settled();
    await opened.user.click(await screen.findByRole("button", { name: "Add a system" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText("Name"), "Sorter");
    await opened.user.selectOptions(form.getByLabelText("What it is"), "spreadsheet");
    await opened.user.type(form.getByLabelText(/^Vendor/), "nobody");
    await opened.user.click(form.getByRole("button", { name: "Add a system" }));
    await form.findByText("no such vendor");
    expect(form.getByLabelText<HTMLInputElement>(/^Vendor/).value).toBe("nobody");
  });
});

describe("a processing", () => {
  it("is changed as a whole, with lists a line each and a transfer with its safeguard", async () => {
    const id = one("/processing-records");
    const call = `PATCH /processing-records/${id}`;
    const opened = open(`#/registers/processing/${id}`, {
      groups: GROUPS,
      answers: { [call]: { status: 200, body: body(`GET /processing-records/${id}`) } },
    });
    await settled();
    await opened.user.click(await screen.findByRole("button", { name: "Change" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText(/^Transfers to/), "USA = standard clauses");
    await opened.user.selectOptions(form.getByLabelText(/^Legal basis/), "contract");
    await opened.user.click(form.getByRole("button", { name: "Change" }));
    await screen.findByText(/^The entry was changed\. What was confirmed/);
    const sent = changes(opened)[0]?.body as { title: string; contents: Record<string, unknown> };
    expect(sent.title).toBe("Decisions on credit");
    expect(sent.contents).toMatchObject({
      purposes: "To decide on applications for credit",
      data_subjects: ["applicants"],
      transfers: [{ to: "USA", safeguard: "standard clauses" }],
      legal_basis: "contract",
      special_categories: null,
    });
  });
});

describe("people", () => {
  it("have a training on record once their name, subject and day are given", async () => {
    const opened = open("#/registers/trainings", { groups: GROUPS, answers: { "POST /trainings": made } });
    await settled();
    await opened.user.click(await screen.findByRole("button", { name: "Record a training" }));
    const form = within(dialog());
    await opened.user.click(form.getByRole("button", { name: "Record a training" }));
    expect((await form.findAllByText("Fill this in.")).length).toBeGreaterThan(2);
    await opened.user.type(form.getByLabelText("Training"), "AI literacy");
    await opened.user.selectOptions(form.getByLabelText("Subject"), "ai_literacy");
    await opened.user.type(form.getByLabelText("Person"), "nina@example.org");
    await opened.user.type(form.getByLabelText("Role"), "case worker");
    await opened.user.type(form.getByLabelText("Completed on"), "2026-10-01");
    await opened.user.click(form.getByRole("button", { name: "Record a training" }));
    await waitFor(() => expect(document.querySelector(".told")?.textContent).toContain("nina@example.org"));
    expect(changes(opened)[0]?.body).toMatchObject({
      title: "AI literacy",
      person: "nina@example.org",
      subject: "ai_literacy",
      role: "case worker",
      completed_on: "2026-10-01",
    });
  });

  it("are given a duty, and take it up in their own name", async () => {
    const id = one("/assignments");
    const call = `POST /assignments/${id}/accept`;
    const opened = open(`#/registers/assignments/${id}`, {
      groups: GROUPS,
      name: "olga@example.com",
      answers: { [call]: { status: 200, body: body(`GET /assignments/${id}`) } },
    });
    await settled();
    await opened.user.click(await screen.findByRole("button", { name: "Accept" }));
    await opened.user.click(within(dialog()).getByRole("button", { name: "Accept" }));
    await screen.findByText("The duty is accepted: Human oversight: olga@example.com");
    expect(changes(opened).map((sent) => sent.call)).toEqual([call]);
    expect(await violations()).toEqual([]);
  });
});
