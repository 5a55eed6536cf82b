import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { CREDIT, dialog, open, settled, violations } from "./open";

const model = { ...{ id: "fraud-9", name: "fraud-check", cloud: "azure", owner: null } };
const found = { "GET /models?begins=fraud&limit=12": { status: 200, body: { models: [model], next_token: null } } };

describe("the shell", () => {
  it("says where one is, and takes the focus to a new page", async () => {
    const { user } = open("#/");
    await settled();
    expect(screen.getByRole("link", { name: "Today" }).getAttribute("aria-current")).toBe("page");
    await user.click(screen.getByRole("link", { name: "Alerts" }));
    await screen.findByRole("heading", { level: 1, name: "Alerts" });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("main")));
    expect(screen.getByRole("link", { name: "Alerts" }).getAttribute("aria-current")).toBe("page");
    expect(document.title).toBe("Alerts – Syndic");
  });

  it("finds a model by Ctrl-K, the beginning of its name and Enter", async () => {
    const { user } = open("#/", { answers: found });
    await settled();
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox"), "fraud{Enter}");
    await waitFor(() => expect(location.hash).toBe("#/models/fraud-9"));
    expect(screen.queryByRole("combobox")).toBeNull();
  });

  it("does not go to what was found for other letters when Enter is quicker than the API", async () => {
    const { user } = open("#/", { answers: found });
    await settled();
    await user.keyboard("/");
    const field = await screen.findByRole("combobox");
    await screen.findByRole("option", { name: /german-credit/ });
    await user.type(field, "fraud{Enter}");
    await waitFor(() => expect(location.hash).toBe("#/models/fraud-9"));
  });

  it("moves by two keys, and tells which keys there are", async () => {
    const { user } = open("#/");
    await settled();
    await user.keyboard("gm");
    await screen.findByRole("heading", { level: 1, name: "Models" });
    await user.keyboard("?");
    expect(within(await screen.findByRole("dialog")).getByText("find a model or a view")).toBeDefined();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  const away = new Proxy({}, { get: () => ({ status: 503, body: { detail: "No answer." } }) });

  it("tells an outage once and not in each panel, and reads again on demand", async () => {
    const opened = open("#/", { answers: away });
    const banner = await screen.findByText(/The API does not answer\./);
    expect(screen.getAllByRole("alert")).toHaveLength(1);
    expect(banner.textContent).toBe(
      "Not up to date. The API does not answer. What is shown may be old, and nothing can be changed until it answers again.",
    );
    opened.answers = {};
    await opened.user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { level: 1, name: "2 of 2 models need attention" });
    expect(screen.queryByText(/The API does not answer\./)).toBeNull();
  });

  it("leaves one read that fails to its own panel", async () => {
    const opened = open(`#/models/${CREDIT}`, { answers: away });
    expect((await screen.findByRole("alert")).textContent).toContain("Could not read this model. No answer.");
    opened.answers = {};
    await opened.user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { level: 1, name: "german-credit" });
  });

  it("leads to the sign-in page when the session is over, and says so", async () => {
    open("#/alerts", { answers: { "GET /alerts?limit=100": { status: 401, body: { message: "expired" } } } });
    await screen.findByText(/^Your session has ended/);
    expect(screen.getByRole("button", { name: "Sign in" })).toBeDefined();
  });

  it("names no error of a program when a view breaks", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    open("#/alerts", { answers: { "GET /alerts?limit=100": { status: 200, body: { alerts: [{ id: "a" }] } } } });
    const told = await screen.findByRole("alert");
    expect(told.textContent).toContain("Nothing was changed.");
    expect(told.textContent).not.toMatch(/TypeError|undefined|Cannot/);
    expect(screen.getByRole("button", { name: "Reload the page" })).toBeDefined();
    expect(screen.getByRole("navigation", { name: "Main" })).toBeDefined();
  });

  it("knows an address that leads nowhere", async () => {
    open("#/nowhere");
    await screen.findByRole("heading", { level: 1, name: "There is no such page" });
  });
});

describe("acknowledging an alert", () => {
  it("is not offered to those who may not, with the reason once", async () => {
    open("#/alerts");
    await screen.findByText("Acknowledging: This is for administrators or model owners.");
    await settled();
    expect(screen.queryByRole("button", { name: "Acknowledge" })).toBeNull();
  });

  it("sends the note once under one key, says that it is done and gives the focus back", async () => {
    const opened = open("#/", { groups: ["model_owner"] });
    await settled();
    const buttons = screen.getAllByRole("button", { name: "Acknowledge" });
    await opened.user.click(buttons[0] as HTMLElement);
    await opened.user.type(within(dialog()).getByRole("textbox"), "Looking into it");
    const refused = { status: 503, body: { detail: "The store did not answer." } };
    const id = document.querySelector("[data-alert]")?.getAttribute("data-alert");
    opened.answers = { [`PATCH /alerts/${id}`]: refused };
    const submit = within(dialog()).getByRole("button", { name: "Acknowledge" });
    await opened.user.click(submit);
    expect((await within(dialog()).findByRole("alert")).textContent).toContain("The store did not answer.");
    opened.answers = { [`PATCH /alerts/${id}`]: { status: 200, body: {} } };
    await opened.user.click(submit);
    await screen.findByText(/^Acknowledged: /);
    expect(screen.queryByRole("dialog")).toBeNull();
    const patches = opened.sent.filter(({ call }) => call.startsWith("PATCH"));
    expect(patches.map((one) => one.body)).toEqual(Array(2).fill({ action: "acknowledge", note: "Looking into it" }));
    expect(patches[0]?.headers.get("idempotency-key")).toBeTruthy();
    expect(patches[1]?.headers.get("idempotency-key")).toBe(patches[0]?.headers.get("idempotency-key"));
    await waitFor(() => expect(document.activeElement).toBe(buttons[0]));
  });

  it("keeps what was being written when the page is opened anew, until it is cancelled", async () => {
    const { user } = open("#/", { groups: ["admin"] });
    await settled();
    const press = async (): Promise<void> =>
      user.click(screen.getAllByRole("button", { name: "Acknowledge" })[0] as Element);
    await press();
    await user.type(within(dialog()).getByRole("textbox"), "Half a sent");
    cleanup();
    open("#/", { groups: ["admin"] });
    await settled();
    await press();
    expect(within(dialog()).getByRole<HTMLTextAreaElement>("textbox").value).toBe("Half a sent");
    await user.click(within(dialog()).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await press();
    expect(within(dialog()).getByRole<HTMLTextAreaElement>("textbox").value).toBe("");
  });

  it("works by j, k and e alone", async () => {
    const { user } = open("#/alerts", { groups: ["admin"] });
    await settled();
    await user.keyboard("jj");
    expect(document.activeElement?.closest("[data-alert]")).toBe(document.querySelectorAll("[data-alert]")[1]);
    await user.keyboard("ke");
    const first = document.querySelector("[data-alert] .what")?.textContent ?? "";
    expect(within(dialog()).getByRole("heading").textContent).toBe(`Acknowledge: ${first}`);
    expect(await violations()).toEqual([]);
  });
});
