import { beforeEach, describe, expect, it } from "vitest";
import { Session, SignInError, SignInUnavailableError } from "../../src/session";

const CONFIG = {
  region: "eu-central-1",
  userPoolClientId: "client",
  cognitoEndpoint: "https://cognito.test",
  apiBase: "/api/v1",
};

interface Call {
  readonly action: string;
  readonly body: {
    AuthFlow?: string;
    ChallengeResponses?: Record<string, string>;
    AuthParameters?: Record<string, string>;
  };
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

async function answer(_url: unknown, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  calls.push({ action: headers.get("x-amz-target")?.split(".")[1] ?? "", body: JSON.parse(String(init?.body)) });
  const next = answers.shift();
  if (!next) throw new TypeError("network");
  return new Response(JSON.stringify(next.body), { status: next.status });
}

const tokens = (id: string, refresh?: string) => ({
  status: 200,
  body: { AuthenticationResult: { IdToken: id, RefreshToken: refresh, ExpiresIn: 3600 } },
});

const session = (): Session => new Session(CONFIG, storage, answer as typeof fetch, () => now);

beforeEach(() => {
  calls = [];
  answers = [];
  stored = new Map();
  now = 1_000_000;
});

describe("signing in", () => {
  it("keeps the tokens for a reload of the tab, never the password", async () => {
    answers = [tokens("id-1", "refresh-1")];
    expect(await session().signIn("ann", "secret-password")).toEqual({ done: true });
    expect(await session().token()).toBe("id-1");
    expect([...stored.values()].join()).not.toContain("secret-password");
  });

  it("says the same for a wrong name and a wrong password", async () => {
    answers = ["NotAuthorizedException", "UserNotFoundException"].map((kind) => ({
      status: 400,
      body: { __type: kind },
    }));
    const first = await session()
      .signIn("ann", "x")
      .catch((error: unknown) => error);
    const second = await session()
      .signIn("bob", "x")
      .catch((error: unknown) => error);
    expect(first).toBeInstanceOf(SignInError);
    expect((first as Error).message).toBe((second as Error).message);
  });

  it("asks for a new password and then is done", async () => {
    answers = [{ status: 200, body: { ChallengeName: "NEW_PASSWORD_REQUIRED", Session: "s" } }, tokens("id-1")];
    const one = session();
    const result = await one.signIn("ann", "given");
    if (result.done) throw new Error("a challenge was expected");
    expect(await one.respond(result.challenge, "chosen")).toEqual({ done: true });
    expect(calls[1]?.body.ChallengeResponses).toEqual({ USERNAME: "ann", NEW_PASSWORD: "chosen" });
  });

  it("tells an unreachable service from a refusal", async () => {
    answers = [];
    await expect(session().signIn("ann", "x")).rejects.toBeInstanceOf(SignInUnavailableError);
  });
});

describe("a session", () => {
  it("is renewed once for many readers, before it ends", async () => {
    answers = [tokens("id-1", "refresh-1"), tokens("id-2")];
    const one = session();
    await one.signIn("ann", "x");
    now += 3_590_000;
    expect(await Promise.all([one.token(), one.token(), one.token()])).toEqual(["id-2", "id-2", "id-2"]);
    expect(calls.map((call) => call.body.AuthFlow)).toEqual(["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]);
  });

  it("ends when renewing is refused", async () => {
    answers = [tokens("id-1", "refresh-1"), { status: 400, body: { __type: "NotAuthorizedException" } }];
    const one = session();
    await one.signIn("ann", "x");
    now += 3_600_000;
    expect(await one.token()).toBeNull();
    expect(one.signedIn).toBe(false);
    expect(stored.size).toBe(0);
  });

  it("does not end because the network is away", async () => {
    answers = [tokens("id-1", "refresh-1")];
    const one = session();
    await one.signIn("ann", "x");
    now += 3_600_000;
    await expect(one.token()).rejects.toBeInstanceOf(SignInUnavailableError);
    expect(one.signedIn).toBe(true);
  });

  it("ignores what is not a session in the storage", () => {
    stored.set("syndic.session", "{broken");
    expect(session().signedIn).toBe(false);
  });

  it("forgets everything on signing out, even offline", async () => {
    answers = [tokens("id-1", "refresh-1")];
    const one = session();
    await one.signIn("ann", "x");
    one.signOut();
    expect(one.signedIn).toBe(false);
    expect(stored.size).toBe(0);
  });
});
