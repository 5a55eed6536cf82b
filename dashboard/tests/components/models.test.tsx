import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { csv } from "../../src/files";
import { body, CREDIT, changes, dialog, open, type Sent, settled, violations } from "./open";

interface Page {
  models: { id: string; name: string }[];
  next_token: string | null;
}

const first = body<Page>("GET /models?limit=100").models[0];

/** Ten thousand models, a hundred a page. */
function page(number: number): Page {
  const models = Array.from({ length: 100 }, (_, index) => {
    const at = number * 100 + index;
    return { ...first, id: `model-${at}`, name: `model ${String(at).padStart(5, "0")}` };
  });
  return { models, next_token: number < 99 ? `page-${number + 1}` : null };
}

describe("the list of models", () => {
  it("draws the rows in view of any number, and says where each one is", async () => {
    open("#/models", { answers: { "GET /models?limit=100": { status: 200, body: page(0) } } });
    await settled();
    await screen.findByRole("link", { name: "model 00003" });
    const rows = screen.getAllByRole("row");
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.length).toBeLessThan(60);
    expect(rows[1]?.getAttribute("aria-rowindex")).toBe("2");
    expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("-1");
    expect(screen.getByText("100 of 2 shown, more follow")).toBeDefined();
    expect(await violations()).toEqual([]);
  });

  it("asks the API for what the address says", async () => {
    const call = "GET /models?limit=100&order=descending&risk=high&sort=newest";
    const opened = open("#/models?risk=high&sort=newest&order=descending", {
      answers: { [call]: { status: 200, body: { models: [], next_token: null } } },
    });
    await screen.findByText("No model matches.");
    expect(opened.sent.map((one) => one.call)).toContain(call);
    expect((screen.getByLabelText("Risk") as HTMLSelectElement).value).toBe("high");
  });

  it("is narrowed by checks, verdict, framework and domain", async () => {
    const none = { status: 200, body: { models: [], next_token: null } };
    const call = "GET /models?checks=failing&domain=credit&framework=gdpr&limit=100&verdict=drift";
    const opened = open("#/models?verdict=drift&domain=credit", {
      answers: {
        "GET /models?domain=credit&limit=100&verdict=drift": none,
        "GET /models?checks=failing&domain=credit&limit=100&verdict=drift": none,
        [call]: none,
      },
    });
    await screen.findByText("No model matches.");
    await opened.user.selectOptions(screen.getByLabelText("Newest checks"), "failing");
    await opened.user.selectOptions(screen.getByLabelText("Applies by"), "gdpr");
    await waitFor(() => expect(opened.sent.map((one) => one.call)).toContain(call));
    expect((screen.getByLabelText("A check found") as HTMLSelectElement).value).toBe("drift");
    expect(await violations()).toEqual([]);
  });

  it("puts a choice into the address, and typing once the person stops", async () => {
    const none = { status: 200, body: { models: [], next_token: null } };
    const opened = open("#/models", {
      answers: { "GET /models?limit=100&name=credit": none, "GET /models?cloud=azure&limit=100&name=credit": none },
    });
    await settled();
    await opened.user.type(screen.getByLabelText("Name contains"), "credit");
    await waitFor(() => expect(location.hash).toBe("#/models?name=credit"));
    await opened.user.selectOptions(screen.getByLabelText("Cloud"), "azure");
    await waitFor(() => expect(location.hash).toBe("#/models?name=credit&cloud=azure"));
    expect(opened.sent.map(({ call }) => call).filter((call) => call.includes("name=c"))).toHaveLength(2);
  });

  it("keeps a view on this device under a name", async () => {
    const opened = open("#/models?risk=high", {
      answers: { "GET /models?limit=100&risk=high": { status: 200, body: { models: [], next_token: null } } },
    });
    await screen.findByText("No model matches.");
    await opened.user.click(screen.getByText("Saved views"));
    await opened.user.type(screen.getByLabelText("Save these filters as"), "High risk");
    await opened.user.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByRole("link", { name: "High risk" }).getAttribute("href")).toBe("#/models?risk=high");
    expect(localStorage.getItem("syndic.views")).toBe('{"High risk":{"risk":"high"}}');
  });
});

describe("registering a model", () => {
  it("is explained to those who may not", async () => {
    open("#/models");
    const button = await screen.findByRole<HTMLButtonElement>("button", { name: "Register a model" });
    expect(button.disabled).toBe(true);
    expect(button).toHaveProperty("ariaDescription", button.ariaDescription);
    expect(document.getElementById(button.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
      "This is for administrators or model owners.",
    );
  });

  it("says what is wrong at the field, keeps what was typed, and opens the model that was made", async () => {
    const refusal = {
      title: "Unprocessable Content",
      status: 422,
      detail: "The request does not fit the API's description.",
      errors: [{ where: "body.name", problem: "letters, digits and dashes only" }],
    };
    let times = 0;
    const opened = open("#/models", {
      groups: ["admin"],
      answers: {
        "POST /models": () => {
          times += 1;
          return times === 1 ? { status: 422, body: refusal } : { status: 201, body: { ...first, id: CREDIT } };
        },
      },
    });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Register a model" }));
    const form = within(dialog());
    await opened.user.click(form.getByRole("button", { name: "Register a model" }));
    await form.findByText("Fill this in.");
    expect(changes(opened)).toEqual([]);
    const name = form.getByLabelText(/^Name/);
    await opened.user.type(name, "a b");
    await opened.user.type(form.getByLabelText(/^Intended purpose/), "Find fraud");
    await opened.user.click(form.getByRole("button", { name: "Register a model" }));
    await form.findByText("letters, digits and dashes only");
    expect(name.getAttribute("aria-invalid")).toBe("true");
    expect((form.getByLabelText(/^Intended purpose/) as HTMLTextAreaElement).value).toBe("Find fraud");
    expect(await violations()).toEqual([]);
    await opened.user.clear(name);
    await opened.user.type(name, "fraud");
    await opened.user.click(form.getByRole("button", { name: "Register a model" }));
    await waitFor(() => expect(location.hash).toBe(`#/models/${CREDIT}`));
    await screen.findByText("fraud is registered.");
    expect(changes(opened).at(-1)?.body).toEqual({
      name: "fraud",
      owner: "somebody@example.com",
      intended_purpose: "Find fraud",
      window: "day",
    });
  });
});

describe("changing a model", () => {
  const record = `GET /models/${CREDIT}`;
  const answers = (etag: () => string, patch: (sent: Sent) => { status: number; body: unknown }) => ({
    [record]: () => ({ status: 200, body: body(record), headers: { etag: etag() } }),
    [`PATCH /models/${CREDIT}`]: patch,
  });

  it("sends the edition that was seen when the form was opened", async () => {
    let edition = '"1"';
    const opened = open(`#/models/${CREDIT}`, {
      groups: ["model_owner"],
      answers: {
        [`GET /models/${CREDIT}/drift/policy`]: { status: 200, body: {} },
        ...answers(
          () => edition,
          (sent) =>
            sent.headers.get("if-match") === edition
              ? { status: 200, body: {} }
              : { status: 412, body: { detail: "precondition failed" } },
        ),
      },
    });
    await settled();
    await waitFor(() => expect(opened.sent.some(({ call }) => call === record)).toBe(true));
    await opened.user.click(await screen.findByRole("button", { name: "Assign owner" }));
    const form = within(dialog());
    await opened.user.clear(form.getByLabelText(/^Owner/));
    await opened.user.type(form.getByLabelText(/^Owner/), "ada@example.com");
    edition = '"2"'; // somebody else was faster
    await opened.user.click(form.getByRole("button", { name: "Assign owner" }));
    expect((await form.findByRole("alert")).textContent).toContain("Somebody changed this after you opened it");
    expect((form.getByLabelText(/^Owner/) as HTMLInputElement).value).toBe("ada@example.com");
    expect(changes(opened)[0]?.headers.get("if-match")).toBe('"1"');
  });

  it("offers nothing of it to an auditor, and asks for nothing that only a form needs", async () => {
    const opened = open(`#/models/${CREDIT}`);
    await settled();
    for (const name of ["Assign owner", "Check now", "Retire", "Set threshold"])
      expect(screen.queryByRole("button", { name })).toBeNull();
    expect(opened.sent.some(({ call }) => call === record)).toBe(false);
  });
});

describe("a CSV file", () => {
  it("holds no formula, whatever a model is called", () => {
    expect(csv(["name"], [["=HYPERLINK(1)"], ['a "b", c'], ["-1"]])).toBe(
      '\uFEFFname\r\n\'=HYPERLINK(1)\r\n"a ""b"", c"\r\n\'-1\r\n',
    );
  });
});
