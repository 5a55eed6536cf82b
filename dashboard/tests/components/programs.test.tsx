import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { schedules } from "../../src/strings/schedules";
import { claimsOf } from "../../src/views/settings/partners";
import { changes, dialog, open, settled, violations } from "./open";

const key = {
  id: "k1",
  name: "nightly",
  scopes: ["read"],
  made_by: "somebody@example.com",
  made_at: "2026-10-01T00:00:00Z",
  expires_at: "2126-12-30T00:00:00Z",
  revoked_at: null,
  used_at: null,
};
const issuer = {
  name: "credit",
  issuer: "https://token.actions.githubusercontent.com",
  audience: "syndic.example.org",
  claims: { repository_id: "456", environment: "production" },
  scopes: ["read", "write"],
  owner: "olga@example.org",
  jwks_uri: null,
  changed_by: "ada@example.org",
  changed_at: "2026-10-01T00:00:00Z",
};
const lists = {
  "GET /keys?limit=100": {
    status: 200,
    body: { keys: [key, { ...key, id: "k2", name: "old", revoked_at: key.made_at }] },
  },
  "GET /auth/issuers": { status: 200, body: { issuers: [issuer] } },
  "GET /auth/issuers/credit": { status: 200, body: issuer, headers: { etag: '"3"' } },
};

describe("a key for a program", () => {
  it("is made with what it may do, its secret is shown once, and it is ended", async () => {
    const opened = open("#/settings", {
      groups: ["auditor"],
      answers: {
        ...lists,
        "POST /keys": { status: 201, body: { key, secret: "syn_s3cret" } },
        "DELETE /keys/k1": { status: 200, body: key },
      },
    });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Make a key" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText("Name"), "nightly");
    await opened.user.selectOptions(form.getByLabelText("What it may do"), "write");
    await opened.user.click(form.getByRole("button", { name: "Make a key" }));
    await screen.findByText("syn_s3cret");
    expect(changes(opened)[0]?.body).toEqual({ name: "nightly", scopes: ["read", "write"] });
    expect(Object.values({ ...sessionStorage, ...localStorage }).join()).not.toContain("s3cret");
    expect(await violations()).toEqual([]);
    await opened.user.click(screen.getByRole("button", { name: "I have it" }));
    expect(screen.queryByText("syn_s3cret")).toBeNull();
    const over = within(screen.getByRole("row", { name: /^old/ }));
    expect(over.queryByRole("button")).toBeNull();
    await opened.user.click(within(screen.getByRole("row", { name: /^nightly/ })).getByRole("button", { name: "End" }));
    await opened.user.click(within(dialog()).getByRole("button", { name: "End" }));
    await screen.findByText("The key nightly is ended.");
  });
});

describe("an exchange partner", () => {
  it("is changed with the edition that was seen, its claims one a line", async () => {
    const put = "PUT /auth/issuers/credit";
    const opened = open("#/settings", {
      groups: ["admin"],
      answers: { ...lists, [put]: { status: 200, body: issuer } },
    });
    await settled();
    const row = within(await screen.findByRole("row", { name: /^credit/ }));
    await opened.user.click(row.getByRole("button", { name: "Change" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText("Claims"), "{enter}ref=refs/heads/main");
    await opened.user.click(form.getByRole("button", { name: "Change" }));
    await screen.findByText("Tokens by credit are taken.");
    const [sent] = changes(opened);
    expect(sent?.headers.get("if-match")).toBe('"3"');
    expect(sent?.body).toEqual({
      issuer: issuer.issuer,
      audience: issuer.audience,
      claims: { ...issuer.claims, ref: "refs/heads/main" },
      scopes: ["read", "write"],
      owner: issuer.owner,
      jwks_uri: null,
    });
  });

  it("is shown to administrators alone", async () => {
    const opened = open("#/settings", { groups: ["auditor"] });
    await settled();
    await screen.findByText("Exchange partners are shown to administrators.");
    expect(opened.sent.some(({ call }) => call.includes("/auth/issuers"))).toBe(false);
  });
});

describe("what runs by itself", () => {
  it("says how often and when next, and of an interval no more than is known", async () => {
    open("#/settings", { groups: ["auditor"] });
    await settled();
    const daily = await screen.findByRole("row", { name: /^Compliance/ });
    expect(daily.textContent).toContain("every day");
    expect(daily.querySelector("time")?.getAttribute("datetime")).toBe("2026-10-07T05:15:00Z");
    const hourly = await screen.findByRole("row", { name: /^Discovery/ });
    expect(hourly.textContent).toContain("every hourby ");
    expect(schedules.every("PT5M")).toBe("every 5 minutes");
  });
});

describe("claims", () => {
  it("keep an equals sign in a value, and a line without one for the API to refuse", () => {
    expect(claimsOf(" a = b=c \n\nwrong")).toEqual({ a: "b=c", wrong: "" });
  });
});
