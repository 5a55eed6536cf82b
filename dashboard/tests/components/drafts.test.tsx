/** What is being typed: kept for whoever typed it, of the record it was typed of, and never over what somebody else changed. */

import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { body, CAR, CREDIT, changes, dialog, open, recorded, settled } from "./open";

const VENDOR = Object.keys(recorded).find((call) => call.startsWith("GET /vendors/")) ?? "";
const ADDRESS = `#/registers${VENDOR.replace("GET ", "")}`;
const PATCH = VENDOR.replace("GET", "PATCH");

interface Vendor {
  readonly entry: { readonly website: string; readonly country: string | null; readonly state: string };
}

function vendor(etag: string, changed: Partial<Vendor["entry"]> = {}) {
  const found = body<Vendor>(VENDOR);
  return { status: 200, body: { ...found, entry: { ...found.entry, ...changed } }, headers: { etag } };
}

/** A model's page has some actions twice. */
const first = (name: string): HTMLElement => screen.getAllByRole("button", { name })[0] as HTMLElement;

const field = (name: RegExp): HTMLInputElement => within(dialog()).getByLabelText<HTMLInputElement>(name);

describe("what was typed", () => {
  it("of one model, and not sent, is not offered of another one, nor to somebody else", async () => {
    const { user } = open(`#/models/${CAR}`, { groups: ["admin"], name: "ana@example.com" });
    await settled();
    await user.click(first("Assign owner"));
    await user.clear(field(/^Owner/));
    await user.type(field(/^Owner/), "of-car@example.org");
    await user.keyboard("{Escape}");
    location.hash = `#/models/${CREDIT}`;
    await screen.findByRole("heading", { name: "german-credit", level: 1 });
    await settled();
    await user.click(first("Assign owner"));
    expect(field(/^Owner/).value).toBe("owner@example.com");
    cleanup();
    const other = open(`#/models/${CAR}`, { groups: ["admin"], name: "ben@example.com" });
    await settled();
    await other.user.click(first("Assign owner"));
    expect(field(/^Owner/).value).toBe("owner@example.com");
  });

  it("before a reload is sent with the edition of then, and what was left alone is what is on record now", async () => {
    const begun = open(ADDRESS, { groups: ["admin"], answers: { [VENDOR]: vendor('"1"') } });
    await settled();
    await begun.user.click(screen.getByRole("button", { name: "Change" }));
    await begun.user.clear(field(/^Country/));
    await begun.user.type(field(/^Country/), "SE");
    cleanup();
    const answers = {
      [VENDOR]: vendor('"2"', { website: "https://theirs.example.org" }),
      [PATCH]: ({ headers }: { headers: Headers }) =>
        headers.get("if-match") === '"3"' ? { status: 200, body: {} } : { status: 412, body: {} },
    };
    const again = open(ADDRESS, { groups: ["admin"], answers });
    await settled();
    await again.user.click(screen.getByRole("button", { name: "Change" }));
    expect(field(/^Country/).value).toBe("SE");
    expect(field(/^Website/).value).toBe("https://theirs.example.org");
    again.answers = { ...answers, [VENDOR]: vendor('"3"', { website: "https://newest.example.org" }) };
    await again.user.click(within(dialog()).getByRole("button", { name: "Change" }));
    await within(dialog()).findByText(/Somebody changed this after you opened it/);
    const look = within(dialog()).getByRole("button", { name: "Look at the present state" });
    await waitFor(() => expect((look as HTMLButtonElement).disabled).toBe(false));
    await again.user.click(look);
    expect([field(/^Country/).value, field(/^Website/).value]).toEqual(["SE", "https://newest.example.org"]);
    await again.user.click(within(dialog()).getByRole("button", { name: "Change" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(changes(again).map(({ headers }) => headers.get("if-match"))).toEqual(['"1"', '"3"']);
  });
});

describe("a form", () => {
  it("cannot be opened before the edition of its record is read", async () => {
    const call = `GET /models/${CAR}`;
    const opened = open(`#/models/${CAR}`, { groups: ["admin"], answers: { [call]: { status: 500, body: {} } } });
    await screen.findByRole("heading", { name: "car-loan", level: 1 });
    for (const one of screen.getAllByRole<HTMLButtonElement>("button", { name: "Assign owner" }))
      expect(one.disabled).toBe(true);
    expect(changes(opened)).toEqual([]);
  });

  it("says what the API says of a field at the field, and whole", async () => {
    const problem = "name an owner: your own address is not confirmed";
    const refused = { status: 400, body: { detail: `owner: ${problem}`, errors: [{ where: "owner", problem }] } };
    const opened = open("#/registers/vendors", { groups: ["admin"], answers: { "POST /vendors": refused } });
    await settled();
    await opened.user.click(first("Add a vendor"));
    await opened.user.type(field(/^Name/), "ACME");
    await opened.user.click(within(dialog()).getByRole("button", { name: "Add a vendor" }));
    const said = await within(dialog()).findByText(problem);
    expect(said.closest(".field")?.textContent).toContain("Owner");
  });

  it("keeps a choice on record that it does not know", async () => {
    const answers = { [VENDOR]: vendor('"1"', { state: "under_observation" }), [PATCH]: { status: 200, body: {} } };
    const opened = open(ADDRESS, { groups: ["admin"], answers });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Change" }));
    expect(field(/^State/).value).toBe("under_observation");
    await opened.user.click(within(dialog()).getByRole("button", { name: "Change" }));
    await waitFor(() => expect(changes(opened)[0]?.body).toMatchObject({ state: "under_observation" }));
  });
});
