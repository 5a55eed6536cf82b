import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { Session, SignInError, SignInUnavailableError } from "../../src/session";

const HOME = "https://dashboard.test/";
const CONFIG = {
  region: "eu-central-1",
  userPoolClientId: "client",
  loginUrl: "https://login.test",
  apiBase: "/api/v1",
};

interface Call {
  readonly path: string;
  readonly fields: Record<string, string>;
}

let calls: Call[] = [];
let answers: { status: number; body: unknown }[] = [];
let stored = new Map<string, string>();
let now = 0;

const storage = {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => void stored.set(key, value),
  removeItem: (key: string) => void stored.delete(key),
};

async function answer(url: unknown, init?: RequestInit): Promise<Response> {
  calls.push({ path: new URL(String(url)).pathname, fields: Object.fromEntries(init?.body as URLSearchParams) });
  const next = answers.shift();
  if (!next) throw new TypeError("network");
  return new Response(JSON.stringify(next.body), { status: next.status });
}

const tokens = (id: string, refresh?: string) => ({
  status: 200,
  body: { id_token: id, refresh_token: refresh, expires_in: 3600 },
});
const refusal = { status: 400, body: { error: "invalid_grant" } };

const session = (): Session => new Session(CONFIG, HOME, storage, answer as typeof fetch, () => now);

async function signedIn(): Promise<Session> {
  const one = session();
  const asked = new URL(await one.begin("#/alerts")).searchParams;
  await one.finish(new URLSearchParams({ code: "code", state: asked.get("state") ?? "" }));
  return one;
}

beforeEach(() => {
  calls = [];
  answers = [];
  stored = new Map();
  now = 1_000_000;
});

describe("signing in", () => {
  it("asks for a code on the pool's page, and proves with PKCE that it asked", async () => {
    answers = [tokens("id-1", "refresh-1")];
    const one = session();
    const address = new URL(await one.begin("#/alerts"));
    expect(address.origin + address.pathname).toBe("https://login.test/oauth2/authorize");
    const asked = Object.fromEntries(address.searchParams);
    expect(asked).toMatchObject({
      response_type: "code",
      client_id: "client",
      redirect_uri: HOME,
      code_challenge_method: "S256",
    });
    expect(await one.finish(new URLSearchParams({ code: "c", state: asked["state"] ?? "" }))).toBe("#/alerts");
    const { fields } = calls[0] as Call;
    expect(fields).toMatchObject({ grant_type: "authorization_code", code: "c", redirect_uri: HOME });
    const verifier = fields["code_verifier"] ?? "";
    expect(verifier).toMatch(/^[\w-]{43,128}$/);
    expect(createHash("sha256").update(verifier).digest("base64url")).toBe(asked["code_challenge"]);
    expect(await one.token()).toBe("id-1");
    expect(await session().token()).toBe("id-1"); // after a reload of the tab
    expect([...stored.keys()]).toEqual(["syndic.session"]);
  });

  it("begins each time with other secrets", async () => {
    const [first, second] = [new URL(await session().begin("")), new URL(await session().begin(""))];
    for (const name of ["state", "code_challenge"]) {
      expect(first.searchParams.get(name)).not.toBe(second.searchParams.get(name));
    }
  });

  it.each([
    ["another state", { code: "c", state: "forged" }],
    ["no state", { code: "c" }],
  ])("takes no code with %s", async (_, query) => {
    const one = session();
    await one.begin("");
    await expect(one.finish(new URLSearchParams(query as Record<string, string>))).rejects.toBeInstanceOf(SignInError);
    expect(calls).toEqual([]);
    expect(one.signedIn).toBe(false);
  });

  it("takes a code once", async () => {
    answers = [tokens("id-1"), tokens("id-2")];
    const one = session();
    const query = new URLSearchParams({
      code: "c",
      state: new URL(await one.begin("")).searchParams.get("state") ?? "",
    });
    await one.finish(query);
    await expect(one.finish(query)).rejects.toBeInstanceOf(SignInError);
    expect(calls.length).toBe(1);
  });

  it("says what the pool says when it refuses", async () => {
    const one = session();
    const state = new URL(await one.begin("")).searchParams.get("state") ?? "";
    const query = new URLSearchParams({ error: "access_denied", error_description: "Not you.", state });
    await expect(one.finish(query)).rejects.toThrow("Not you.");
  });

  it("does nothing without an answer in the address", async () => {
    expect(await session().finish(new URLSearchParams(""))).toBeNull();
  });

  it("tells an unreachable service from a refusal", async () => {
    await expect(signedIn()).rejects.toBeInstanceOf(SignInUnavailableError);
    answers = [{ status: 503, body: {} }];
    await expect(signedIn()).rejects.toBeInstanceOf(SignInUnavailableError);
    answers = [refusal];
    await expect(signedIn()).rejects.toBeInstanceOf(SignInError);
  });
});

describe("a session", () => {
  it("is renewed once for many readers, before it ends", async () => {
    answers = [tokens("id-1", "refresh-1"), tokens("id-2"), tokens("id-3")];
    const one = await signedIn();
    now += 3_590_000;
    expect(await Promise.all([one.token(), one.token(), one.token()])).toEqual(["id-2", "id-2", "id-2"]);
    now += 3_590_000; // a renewal that gives no new refresh token leaves the old one
    expect(await one.token()).toBe("id-3");
    expect(calls.map((call) => call.fields["grant_type"])).toEqual([
      "authorization_code",
      "refresh_token",
      "refresh_token",
    ]);
  });

  it("ends when renewing is refused", async () => {
    answers = [tokens("id-1", "refresh-1"), refusal];
    const one = await signedIn();
    now += 3_600_000;
    expect(await one.token()).toBeNull();
    expect(one.signedIn).toBe(false);
    expect(stored.size).toBe(0);
  });

  it("does not end because the network is away", async () => {
    answers = [tokens("id-1", "refresh-1")];
    const one = await signedIn();
    now += 3_600_000;
    await expect(one.token()).rejects.toBeInstanceOf(SignInUnavailableError);
    expect(one.signedIn).toBe(true);
  });

  it("ignores what is not a session in the storage", () => {
    for (const broken of ["{broken", "null", "[]", '{"idToken": 1}']) {
      stored.set("syndic.session", broken);
      expect(session().signedIn).toBe(false);
    }
  });

  it("forgets everything on signing out, even offline, and leaves by the pool's own way out", async () => {
    answers = [tokens("id-1", "refresh-1")];
    const one = await signedIn();
    const address = new URL(one.signOut());
    expect(address.pathname).toBe("/logout");
    expect(address.searchParams.get("logout_uri")).toBe(HOME);
    expect(one.signedIn).toBe(false);
    expect(stored.size).toBe(0);
    expect(calls.at(-1)).toEqual({ path: "/oauth2/revoke", fields: { token: "refresh-1", client_id: "client" } });
  });
});
