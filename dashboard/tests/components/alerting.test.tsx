import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/api/types";
import { endOf } from "../../src/views/alerting/actions";
import { PLACE } from "../../src/views/alerting/editors/route_form";
import { earlier, readSteps, withNode, writeSteps } from "../../src/views/alerting/editors/tree";
import { storyOf } from "../../src/views/alerting/story";
import { body, changes, dialog, open, recorded, settled, violations } from "./open";

const ADMIN = { groups: ["admin"], name: "ada@example.com" };
const ok = (answered: unknown) => ({ status: 200, body: answered });
const alerts = body<{ alerts: Alert[] }>("GET /alerts?limit=100");
const [first] = alerts.alerts;
if (!first) throw new Error("no alert is recorded");

async function press(name: string, at = 0): Promise<void> {
  const found = await screen.findAllByRole("button", { name });
  fireEvent.click(found[at] as HTMLElement);
}

const inDialog = () => within(dialog());

describe("the list of alerts", () => {
  it("moves by j and k, acknowledges with a note by e, and shows who has it", async () => {
    const opened = open("#/alerts", ADMIN);
    await settled();
    await opened.user.keyboard("jj");
    const rows = [...document.querySelectorAll(".trouble.dense")];
    expect(rows[1]?.contains(document.activeElement)).toBe(true);
    await opened.user.keyboard("k");
    expect(rows[0]?.contains(document.activeElement)).toBe(true);
    const id = rows[0]?.getAttribute("data-alert");
    opened.answers = { [`PATCH /alerts/${id}`]: ok(first) };
    await opened.user.keyboard("e");
    await opened.user.type(inDialog().getByLabelText(/Note/), "known");
    await opened.user.click(inDialog().getByRole("button", { name: "Acknowledge" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(changes(opened).map(({ call, body: sent }) => [call, sent])).toEqual([
      [`PATCH /alerts/${id}`, { action: "acknowledge", note: "known" }],
    ]);
  });

  it("snoozes in two clicks, with an end that is said", async () => {
    const opened = open("#/alerts", ADMIN);
    await settled();
    const id = document.querySelector("[data-alert]")?.getAttribute("data-alert");
    opened.answers = { [`PATCH /alerts/${id}`]: ok(first) };
    await press("Snooze");
    await opened.user.click(inDialog().getByRole("button", { name: "Snooze" }));
    await waitFor(() => expect(changes(opened)).toHaveLength(1));
    const [sent] = changes(opened).map((one) => one.body as { action: string; until: string });
    const { action, until } = sent ?? { action: "", until: "" };
    expect(action).toBe("snooze");
    expect(Math.abs(Date.parse(until) - Date.now() - 86_400_000)).toBeLessThan(120_000);
    expect(endOf("4h", "2026-12-24", 0)).toBe(new Date("2026-12-24T23:59:59").toISOString());
    expect(endOf("4h", "", 1)).toBe("1970-01-01T04:01:00.000Z");
  });

  it("tells one story of what the data showed and what people did", async () => {
    const at = "2026-10-02T08:00:00Z";
    const told = {
      ...first,
      history: [{ since: "2026-10-01T00:00:00Z", severity: "high" as const }],
      actions: [{ at, by: "ana", action: "acknowledge" as const, note: "<b>known</b>" }],
    };
    expect(storyOf(told).map(({ said, note }) => `${said} ${note}`)).toEqual([
      "ana acknowledged it <b>known</b>",
      "it became high ",
    ]);
    open("#/alerts", { ...ADMIN, answers: { "GET /alerts?limit=100": ok({ alerts: [told], next_token: null }) } });
    await settled();
    expect(screen.getByText(/“<b>known<\/b>”/)).toBeDefined();
    expect(await violations()).toEqual([]);
  });
});

describe("rules", () => {
  it("makes one: tried first, refused at its field, then kept", async () => {
    const opened = open("#/alerts?view=rules", ADMIN);
    await settled();
    await press("New rule");
    const form = inDialog();
    await opened.user.type(form.getByLabelText("Name"), "calm");
    await opened.user.type(form.getByLabelText("What is wrong"), "Too much drift");
    fireEvent.change(form.getByLabelText(/When this holds/), { target: { value: "1 +" } });
    fireEvent.change(form.getByLabelText(/Only for/), { target: { value: 'domain="credit"\n\n owner="ana" ' } });
    const problem = { where: "when", problem: "ends too early" };
    opened.answers = {
      "POST /alerts/rules/dry-run": { status: 400, body: { detail: "when: ends too early", errors: [problem] } },
    };
    await opened.user.click(form.getByRole("button", { name: "Try it" }));
    const field = form.getByLabelText(/When this holds/);
    await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
    expect(form.getByText("ends too early")).toBeDefined();
    opened.answers = {
      "POST /alerts/rules/dry-run": ok({
        holds: ["a", "b"],
        models: 5,
        unjudged: { c: "no drift.run" },
        tells: [{ receiver: "owners", messages: 2, alerts: 2 }],
        past: {
          since: "2026-02-01T00:00:00Z",
          until: "2026-03-03T00:00:00Z",
          raised: 3,
          models: ["a"],
          tells: [{ receiver: "owners", messages: 3, alerts: 3 }],
          shortened: { b: "2026-02-20T00:00:00Z" },
          unjudged: {},
          unread: 2,
        },
      }),
      "POST /alerts/rules": ok({}),
    };
    fireEvent.change(field, { target: { value: "true" } });
    await opened.user.click(form.getByRole("button", { name: "Try it" }));
    const tried = await form.findByText("It holds now for 2 of 5 models.");
    expect(tried.parentElement?.textContent).toContain("the owners, by mail: would be told 2 times now");
    expect(tried.parentElement?.textContent).toContain("c: no drift.run");
    expect(tried.parentElement?.textContent).toContain("it would have raised 3 alerts at one model.");
    expect(tried.parentElement?.textContent).toContain("the owners, by mail: would have told 3 times in 30 days");
    expect(tried.parentElement?.textContent).toContain("b: since");
    expect(tried.parentElement?.textContent).toContain("2 models were not looked back at");
    expect(form.queryByText("ends too early")).toBeNull();
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const sent = changes(opened).at(-1);
    expect(sent?.call).toBe("POST /alerts/rules");
    expect(sent?.headers.get("idempotency-key")).toBeTruthy();
    expect(sent?.body).toEqual({
      name: "calm",
      title: "Too much drift",
      when: "true",
      absent: null,
      severity: "medium",
      matchers: ['domain="credit"', 'owner="ana"'],
      needed: 1,
      windows: 1,
      remedy: "",
    });
  });

  it("overwrites neither a rule of the same name nor what somebody else changed meanwhile", async () => {
    const kept = { ...recorded["GET /alerts/rules/much-drift"], headers: { etag: '"seen"' } } as never;
    const opened = open("#/alerts?view=rules", { ...ADMIN, answers: { "GET /alerts/rules/much-drift": kept } });
    await settled();
    await press("New rule");
    await opened.user.type(inDialog().getByLabelText("Name"), "much-drift");
    await opened.user.type(inDialog().getByLabelText("What is wrong"), "x");
    await opened.user.click(inDialog().getByRole("button", { name: "Save" }));
    await inDialog().findByText(/There is one called much-drift already/);
    expect(changes(opened)).toEqual([]);
    await opened.user.click(inDialog().getByRole("button", { name: "Cancel" }));

    opened.answers = { ...opened.answers, "PUT /alerts/rules/much-drift": { status: 412, body: {} } };
    await press("Edit");
    await opened.user.type(inDialog().getByLabelText(/What to do/), "Look at it");
    await opened.user.click(inDialog().getByRole("button", { name: "Save" }));
    await inDialog().findByRole("alert");
    expect(changes(opened).at(-1)?.headers.get("if-match")).toBe('"seen"');
    expect((inDialog().getByLabelText(/What to do/) as HTMLTextAreaElement).value).toBe("Look at it");
  });
});

describe("receivers", () => {
  it("asks for what the channel needs, tries it, and says which option is wrong", async () => {
    const opened = open("#/alerts?view=receivers", ADMIN);
    await settled();
    await press("New receiver");
    const form = inDialog();
    await opened.user.type(form.getByLabelText("Name"), "desk");
    await opened.user.selectOptions(form.getByLabelText("Channel"), "sns");
    expect(form.queryByLabelText("Name of its secret")).toBeNull();
    await opened.user.selectOptions(form.getByLabelText("Channel"), "slack_bot");
    await opened.user.type(form.getByLabelText("Name of its secret"), "slack-token");
    await opened.user.type(form.getByLabelText("Channel of Slack"), "C1");
    const tried = { since: "", until: "", messages: 3, alerts: 4, named: true };
    opened.answers = {
      "POST /alerts/receivers/dry-run": ok(tried),
      "PUT /alerts/receivers/desk": {
        status: 400,
        body: { detail: "option channel: is no id", errors: [{ where: "option channel", problem: "is no id" }] },
      },
    };
    await opened.user.click(form.getByRole("button", { name: "Try it" }));
    await form.findByText("desk: would have told 3 times in 30 days");
    await opened.user.click(form.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(form.getByLabelText("Channel of Slack").getAttribute("aria-invalid")).toBe("true"));
    expect(changes(opened).at(-1)?.body).toEqual({
      channel: "slack_bot",
      secret: "slack-token",
      options: { channel: "C1" },
      severity: "high",
      owners: [],
    });
  });

  it("says what became of a test, and what a receiver did not take", async () => {
    const waits = {
      id: `risk.${"0".repeat(20)}`,
      receiver: "risk",
      labels: {},
      alerts: [],
      told_at: null,
      waiting: [],
      tries: 3,
      not_before: null,
      trouble: "slack answered 503",
    };
    const opened = open("#/alerts?view=receivers", {
      ...ADMIN,
      answers: { "GET /alerts/deliveries": ok({ deliveries: [waits] }) },
    });
    await settled();
    await screen.findByText("did not take 3 messages in a row: slack answered 503");
    opened.answers = {
      ...opened.answers,
      "POST /alerts/receivers/on-call/test": ok({ sent: false, reason: "there is no such secret", message_id: null }),
      [`POST /alerts/deliveries/${waits.id}/retry`]: ok(waits),
    };
    await press("Send a test");
    await opened.user.click(inDialog().getByRole("button", { name: "Send a test" }));
    await screen.findByText("The test was not sent: there is no such secret");
    await press("Let the next run try");
    await opened.user.click(inDialog().getByRole("button", { name: "Let the next run try" }));
    await waitFor(() => expect(changes(opened).at(-1)?.call).toContain("/retry"));
    expect(await violations()).toEqual([]);
  });

  it("are for admins, and others are told so without asking", async () => {
    const opened = open("#/alerts?view=receivers");
    await settled();
    await screen.findByText(/Receivers: This is for administrators/);
    expect(opened.sent.some(({ call }) => call.includes("receivers"))).toBe(false);
  });
});

describe("routes", () => {
  it("adds one below another and sends the whole tree as it was seen, tried before", async () => {
    const kept = { ...recorded["GET /alerts/routes"], headers: { etag: '"v1"' } } as never;
    const opened = open("#/alerts?view=routes", { ...ADMIN, answers: { "GET /alerts/routes": kept } });
    await settled();
    await press("Add a route below", 1);
    const form = inDialog();
    await form.findByRole("option", { name: "risk" });
    await opened.user.selectOptions(form.getByLabelText(/Tells/), "risk");
    fireEvent.change(form.getByLabelText(/Only for/), { target: { value: 'owner="bo"' } });
    fireEvent.change(form.getByLabelText(/^Escalate/), { target: { value: "30m risk within office" } });
    opened.answers = {
      ...opened.answers,
      "POST /alerts/routes/dry-run": ok({
        since: "",
        until: "",
        receivers: [{ receiver: "risk", messages: 1, alerts: 1 }],
        alerts: 4,
        untold: 1,
      }),
      "PUT /alerts/routes": {
        status: 400,
        body: {
          detail: "route.routes[0].routes[0].matchers[0]: is no matcher",
          errors: [{ where: "route.routes[0].routes[0].matchers[0]", problem: "is no matcher" }],
        },
      },
    };
    await opened.user.click(form.getByRole("button", { name: "Try it" }));
    await form.findByText("risk: would have told once in 30 days");
    expect(form.getByText("1 of 4 alerts would have reached nobody.")).toBeDefined();
    await opened.user.click(form.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(form.getByLabelText(/Only for/).getAttribute("aria-invalid")).toBe("true"));
    const sent = changes(opened).at(-1);
    expect(sent?.headers.get("if-match")).toBe('"v1"');
    const before = body<{ routing: { route: { routes: unknown[] }; inhibit_rules: unknown } }>("GET /alerts/routes");
    const after = sent?.body as typeof before.routing & { route: { routes: { routes: unknown[] }[] } };
    expect(after.inhibit_rules).toEqual(before.routing.inhibit_rules);
    expect(after.route.routes).toHaveLength(2);
    expect(after.route.routes[0]?.routes).toEqual([
      {
        receiver: "risk",
        matchers: ['owner="bo"'],
        continue: false,
        mute_time_intervals: [],
        active_time_intervals: [],
        escalate: [{ after: "30m", receiver: "risk", within: "office" }],
        routes: [],
      },
    ]);
    expect(await violations()).toEqual([]);
  });

  it("changes one node of a tree and no other", () => {
    const node = (receiver: string, ...routes: unknown[]) =>
      ({ receiver, matchers: [], escalate: [], routes }) as never;
    const root = node("a", node("b", node("c"), node("d")), node("e"));
    const names = (one: { receiver: string; routes: never[] }): unknown => [one.receiver, one.routes.map(names)];
    expect(names(earlier(root, [0, 1]) as never)).toEqual([
      "a",
      [
        [
          "b",
          [
            ["d", []],
            ["c", []],
          ],
        ],
        ["e", []],
      ],
    ]);
    expect(earlier(root, [0])).toEqual(root);
    expect(names(withNode(root, [0, 0], () => undefined) as never)).toEqual([
      "a",
      [
        ["b", [["d", []]]],
        ["e", []],
      ],
    ]);
    const steps = readSteps(["30m lead", "2h owners within office"]);
    expect(readSteps(writeSteps(steps).split("\n"))).toEqual(steps);
    expect(PLACE("body.route.routes.0.group_wait")).toBe("group_wait");
    expect(PLACE("route.routes[1].escalate[0].receiver")).toBe("escalate");
    expect(PLACE("route.routes[1].receiver")).toBe("receiver");
    expect(PLACE("time_intervals[0].name")).toBeUndefined();
  });
});

describe("silences", () => {
  it("says what one would have kept quiet, makes it and ends it", async () => {
    const opened = open("#/alerts?view=silences", ADMIN);
    await settled();
    await press("New silence");
    const form = inDialog();
    fireEvent.change(form.getByLabelText(/Only for/), { target: { value: 'model="a"' } });
    await opened.user.type(form.getByLabelText("Why"), "moving house");
    opened.answers = {
      "POST /alerts/silences/dry-run": ok({
        since: "",
        until: "",
        alerts: 2,
        receivers: [{ receiver: "risk", messages: 3, alerts: 2 }],
        standing: ["a.drift"],
      }),
      "POST /alerts/silences": ok({}),
    };
    await opened.user.click(form.getByRole("button", { name: "Try it" }));
    await form.findByText("2 alerts of the past 30 days match. One stands now.");
    expect(form.getByText("risk: would not have been told 3 times in 30 days")).toBeDefined();
    await opened.user.click(form.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const sent = changes(opened).at(-1)?.body as { ends_at: string; matchers: string[] };
    expect(sent.matchers).toEqual(['model="a"']);
    expect(Math.abs(Date.parse(sent.ends_at) - Date.now() - 4 * 3_600_000)).toBeLessThan(120_000);
    const id = body<{ silences: { id: string }[] }>("GET /alerts/silences").silences[0]?.id;
    opened.answers = { [`DELETE /alerts/silences/${id}`]: ok({}) };
    await press("End it now");
    await opened.user.click(inDialog().getByRole("button", { name: "End it now" }));
    await waitFor(() => expect(changes(opened).at(-1)?.call).toBe(`DELETE /alerts/silences/${id}`));
    expect(await violations()).toEqual([]);
  });
});
