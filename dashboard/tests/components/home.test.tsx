import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { EntryPage, Model, ModelStanding } from "../../src/api/types";
import { body, CREDIT, changes, open, settled, violations } from "./open";

const ADDRESS = `#/models/${CREDIT}`;
const STANDING = `GET /dashboard/models/${CREDIT}`;
const RECORD = `GET /models/${CREDIT}`;
const PATCH = `PATCH /models/${CREDIT}`;
const TRAIL = `GET /audit-logs?limit=50&model=${CREDIT}`;
const NAMESAKES = "GET /models?begins=german-credit&limit=12";

describe("the home of a model", () => {
  it("says where one is and what happened last, and has no violation", async () => {
    open(ADDRESS);
    await settled();
    const path = screen.getByRole("navigation", { name: "Where this page is" });
    expect(path.querySelector('[aria-current="page"]')?.textContent).toBe("german-credit");
    const latest = within(screen.getByRole("region", { name: "What happened last" }));
    expect(latest.getAllByRole("listitem")[0]?.textContent).toContain("Approval requested by owner@example.com");
    expect(latest.getByText(/^framework: [a-z0-9_]+ · .* · framework: [a-z0-9_]+/)).toBeDefined();
    expect(await violations()).toEqual([]);
  });

  it("shows clouds, accounts and regions of one name, with shares, and where the registry says otherwise", async () => {
    const standing = body<ModelStanding>(STANDING);
    const endpoint = standing.model.endpoint as NonNullable<Model["endpoint"]>;
    const variants = [
      { name: "blue", model_version: "1", weight: 3 },
      { name: "green", model_version: "2", weight: 1 },
    ];
    const model = { ...standing.model, endpoint: { ...endpoint, variants } };
    const twin = {
      ...standing.model,
      id: "german-credit-000001",
      cloud: "azure",
      endpoint: { ...endpoint, cloud: "azure", scope: "subscription/group/workspace", variants: [] },
    };
    const other = { ...twin, id: "german-credit-two-000002", name: "german-credit-two" };
    const versions = body<{ stages: { of: Record<string, string> } }>(
      `GET /models/${CREDIT}/versions?limit=100&order=descending`,
    );
    open(ADDRESS, {
      answers: {
        [STANDING]: { status: 200, body: { ...standing, model } },
        [NAMESAKES]: { status: 200, body: { models: [standing.model, twin, other] } },
        [`GET /models/${CREDIT}/versions?limit=100&order=descending`]: {
          status: 200,
          body: { ...versions, stages: { ...versions.stages, of: { "1.1.0": "production" } } },
        },
      },
    });
    await settled();
    const places = within(screen.getByRole("region", { name: "Where it runs" }));
    const here = places.getByText("000000000000 · eu-central-1").closest("li");
    expect(here?.getAttribute("aria-current")).toBe("true");
    expect(here?.textContent).toContain("version 1: 75% of trafficversion 2: 25% of traffic");
    expect(places.getByText("subscription · group · workspace").closest("li")?.textContent).toContain(
      "the cloud names no version",
    );
    expect(places.queryByText("german-credit-two-000002")).toBeNull();
    expect(places.getByText("The endpoint serves 1, 2; the registry has 1.1.0 in production.")).toBeDefined();
  });

  it("says above everything that the model's cloud was not heard for a while", async () => {
    const standing = body<ModelStanding>(STANDING);
    const old = new Date(Date.now() - 7 * 86_400_000).toISOString();
    const azure = { ...standing, mirrored_at: old, model: { ...standing.model, cloud: "azure" } };
    open(`${ADDRESS}?section=drift`, { answers: { [STANDING]: { status: 200, body: azure } } });
    await settled();
    expect(screen.getByText("Not heard from Azure for 7 days.").closest("[role=status]")?.textContent).toContain(
      "What is shown of this model is as of then.",
    );
  });
});

describe("a text that is changed where it stands", () => {
  const recordOf = (description: string, etag: string) => ({
    status: 200,
    body: { ...body<Model>(RECORD), description },
    headers: { etag },
  });

  it("is sent alone with the edition that was seen, is told, and gives the focus back", async () => {
    const opened = open(ADDRESS, {
      groups: ["model_owner"],
      answers: { [RECORD]: recordOf("old", '"1"'), [PATCH]: { status: 200, body: {} } },
    });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Change: Description" }));
    const field = screen.getByLabelText("Description");
    expect(document.activeElement).toBe(field);
    await opened.user.clear(field);
    await opened.user.type(field, "Ranks applications");
    await opened.user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Changed: Description.");
    const [sent] = changes(opened);
    expect([sent?.call, sent?.body, sent?.headers.get("if-match")]).toEqual([
      PATCH,
      { description: "Ranks applications" },
      '"1"',
    ]);
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("button", { name: "Change: Description" })),
    );
  });

  it("shows what somebody else wrote meanwhile before it is replaced", async () => {
    const standing = body<ModelStanding>(STANDING);
    const opened = open(ADDRESS, { groups: ["admin"], answers: { [RECORD]: recordOf("old", '"1"') } });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Change: Description" }));
    await opened.user.type(screen.getByLabelText("Description"), " and mine");
    opened.answers = {
      [RECORD]: recordOf("theirs", '"2"'),
      [STANDING]: { status: 200, body: { ...standing, model: { ...standing.model, description: "theirs" } } },
      [PATCH]: ({ headers }) =>
        headers.get("if-match") === '"2"' ? { status: 200, body: {} } : { status: 412, body: {} },
    };
    await opened.user.click(screen.getByRole("button", { name: "Save" }));
    const refusal = await screen.findByRole("alert");
    expect(refusal.textContent).toContain("Somebody changed this after you opened it.");
    await waitFor(() => expect(refusal.textContent).toContain("Meanwhile it says: theirs"));
    expect((screen.getByLabelText("Description") as HTMLTextAreaElement).value).toMatch(/ and mine$/);
    await opened.user.click(screen.getByRole("button", { name: "Save mine" }));
    await screen.findByText("Changed: Description.");
  });

  it("stays open with what was typed when the page is opened anew, until it is cancelled", async () => {
    const first = open(ADDRESS, { groups: ["admin"] });
    await settled();
    await first.user.click(screen.getByRole("button", { name: "Change: Known limitations" }));
    await first.user.type(screen.getByLabelText("Known limitations"), "; not for pets");
    document.body.innerHTML = "";
    const again = open(ADDRESS, { groups: ["admin"] });
    await settled();
    expect((screen.getByLabelText("Known limitations") as HTMLTextAreaElement).value).toMatch(/; not for pets$/);
    await again.user.keyboard("{Escape}");
    expect(screen.queryByLabelText("Known limitations")).toBeNull();
    expect(Object.keys(sessionStorage).filter((key) => key.includes("limitations"))).toEqual([]);
  });

  it.each([
    [403, "Your account may not do this."],
    [429, "Too many requests at once. Wait a moment and try again."],
  ])("keeps what was typed when it is refused with %i", async (status, said) => {
    const opened = open(ADDRESS, { groups: ["admin"], answers: { [PATCH]: { status, body: {} } } });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Change: Domain" }));
    await opened.user.type(screen.getByLabelText("Domain"), " and more");
    await opened.user.click(screen.getByRole("button", { name: "Save" }));
    expect((await screen.findByRole("alert")).textContent).toContain(said);
    expect((screen.getByLabelText("Domain") as HTMLInputElement).value).toMatch(/ and more$/);
  });

  it("is only read by whoever may not change it", async () => {
    open(ADDRESS);
    await settled();
    expect(screen.queryByRole("button", { name: /^Change:/ })).toBeNull();
  });
});

describe("the timeline", () => {
  const activity = `${ADDRESS}?section=activity`;

  it("is filtered by kind, and leads to what an entry is about", async () => {
    const opened = open(activity);
    await settled();
    await opened.user.selectOptions(screen.getByLabelText("What"), "Checks");
    const lines = within(screen.getByRole("region", { name: "Activity" })).getAllByRole("listitem");
    expect(lines).toHaveLength(4);
    expect(lines.map((line) => line.querySelector("a")?.textContent)).toEqual([
      "Bias checked",
      "Bias checked",
      "Quality checked",
      "Drift checked",
    ]);
    expect(lines[3]?.querySelector("a")?.getAttribute("href")).toBe(
      `#/models/${CREDIT}?section=drift&window=20260901T000000Z-20261001T000000Z`,
    );
    expect(location.hash).toContain("kind=check");
    expect(await violations()).toEqual([]);
  });

  it("asks the API for a person and for days of the reader's zone, and reads on", async () => {
    const page = body<EntryPage>(TRAIL);
    const older = {
      ...page,
      entries: [
        {
          ...page.entries[0],
          index: 1,
          entry: { ...page.entries[0]?.entry, action: "model.changed", at: "2026-09-01T10:00:00Z" },
        },
      ],
      next_token: null,
    };
    vi.stubEnv("TZ", "Europe/Berlin");
    const opened = open(`${activity}&who=owner@example.com&since=2026-09-01&until=2026-10-06`, {
      answers: {
        [`GET /audit-logs?actor=owner%40example.com&from=2026-08-31T22%3A00%3A00.000Z&limit=50&model=${CREDIT}&to=2026-10-06T22%3A00%3A00.000Z`]:
          { status: 200, body: { ...page, next_token: "more" } },
        [`GET /audit-logs?actor=owner%40example.com&from=2026-08-31T22%3A00%3A00.000Z&limit=50&model=${CREDIT}&to=2026-10-06T22%3A00%3A00.000Z&token=more`]:
          { status: 200, body: older },
      },
    });
    await settled();
    expect((screen.getByLabelText("Who") as HTMLSelectElement).value).toBe("owner@example.com");
    await opened.user.click(screen.getByRole("button", { name: "Read older entries" }));
    await screen.findByRole("heading", { name: "1 Sept 2026" });
    expect(screen.queryByRole("button", { name: "Read older entries" })).toBeNull();
    vi.unstubAllEnvs();
  });

  it("says that nothing that was read fits", async () => {
    open(`${activity}&kind=deployment`);
    await settled();
    expect(screen.getByText("Nothing that was read fits.")).toBeDefined();
  });
});
