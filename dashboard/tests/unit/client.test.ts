import { describe, expect, it } from "vitest";
import { type Api, ApiError, createApi, SessionOverError } from "../../src/api/client";

interface Seen {
  readonly url: string;
  readonly authorization: string | null;
}

function make(statuses: readonly (number | "offline" | "late")[], refreshes = true): { api: Api; seen: Seen[] } {
  const seen: Seen[] = [];
  const queue = [...statuses];
  const fetcher = async (url: unknown, init?: RequestInit): Promise<Response> => {
    seen.push({ url: String(url), authorization: new Headers(init?.headers).get("authorization") });
    const status = queue.shift() ?? 200;
    if (status === "offline") throw new TypeError("network");
    if (status === "late") throw new DOMException("signal timed out", "TimeoutError");
    const body = status < 400 ? { fine: true } : { title: "x", status, detail: `No, ${status}.` };
    return new Response(JSON.stringify(body), { status });
  };
  let round = 0;
  const refresh = async (): Promise<boolean> => {
    round += 1;
    return refreshes;
  };
  const session = { token: async () => `token-${round}`, refresh };
  return { api: createApi("/api/v1", session, fetcher as typeof fetch, async () => undefined), seen };
}

describe("reading the API", () => {
  it("sends the token and leaves out empty parameters", async () => {
    const { api, seen } = make([200]);
    await api.get("/alerts", { state: "open", token: null, limit: 50, model: "" });
    expect(seen).toEqual([{ url: "/api/v1/alerts?state=open&limit=50", authorization: "Bearer token-0" }]);
  });

  it("renews the session once when the API calls it over", async () => {
    const { api, seen } = make([401, 200]);
    expect(await api.get("/models")).toEqual({ fine: true });
    expect(seen.map((one) => one.authorization)).toEqual(["Bearer token-0", "Bearer token-1"]);
  });

  it("gives up when renewing does not help", async () => {
    await expect(make([401, 401]).api.get("/models")).rejects.toBeInstanceOf(SessionOverError);
    await expect(make([401], false).api.get("/models")).rejects.toBeInstanceOf(SessionOverError);
  });

  it.each([429, 502, 503, 504])("tries a read again after %s", async (status) => {
    expect(await make([status, 200]).api.get("/models")).toEqual({ fine: true });
  });

  it("never sends a change twice", async () => {
    const { api, seen } = make([503, 200]);
    await expect(api.post("/runs")).rejects.toBeInstanceOf(ApiError);
    expect(seen).toHaveLength(1);
  });

  it("passes on the API's own sentence", async () => {
    await expect(make([404]).api.get("/models/x")).rejects.toMatchObject({ status: 404, message: "No, 404." });
  });

  it("does not wait for ever", async () => {
    await expect(make(["late"]).api.get("/models")).rejects.toMatchObject({
      status: 0,
      message: "The API did not answer within 40 seconds. Try again.",
    });
  });

  it("says that the API cannot be reached", async () => {
    await expect(make(["offline"]).api.get("/models")).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining("cannot be reached"),
    });
  });
});
