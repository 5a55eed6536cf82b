import { describe, expect, it } from "vitest";
import { type Api, ApiError, answer, changing, createApi, edition, SessionOverError } from "../../src/api/client";

interface Seen {
  readonly url: string;
  readonly authorization: string | null;
  readonly key: string | null;
  readonly edition: string | null;
}

function make(
  statuses: readonly (number | "offline" | "late")[],
  refreshes = true,
  base = "/api/v1",
): { api: Api; seen: Seen[] } {
  const seen: Seen[] = [];
  const queue = [...statuses];
  const fetcher = async (request: Request, init?: RequestInit): Promise<Response> => {
    const headers = new Headers(init?.headers);
    seen.push({
      url: request.url.replace(/^http:\/\/localhost/, ""),
      authorization: headers.get("authorization"),
      key: headers.get("idempotency-key"),
      edition: headers.get("if-match"),
    });
    const status = queue.shift() ?? 200;
    if (status === "offline") throw new TypeError("network");
    if (status === "late") throw new DOMException("signal timed out", "TimeoutError");
    const errors = [{ where: "body.note", problem: "too long" }, "nonsense"];
    const body = status < 400 ? { fine: true } : { title: "x", status, detail: `No, ${status}.`, errors };
    return new Response(JSON.stringify(body), { status, headers: { etag: '"7"' } });
  };
  let round = 0;
  const refresh = async (): Promise<boolean> => {
    round += 1;
    return refreshes;
  };
  const session = { token: async () => `token-${round}`, refresh };
  return { api: createApi(base, session, fetcher as unknown as typeof fetch, async () => undefined), seen };
}

const models = (api: Api): Promise<unknown> => answer(api.GET("/api/v1/models"));
const model = (api: Api): Promise<unknown> =>
  answer(api.GET("/api/v1/models/{model_id}", { params: { path: { model_id: "a b" } } }));
const acknowledge = (api: Api, headers: Record<string, string> = {}): Promise<unknown> =>
  answer(
    api.PATCH("/api/v1/alerts/{alert_id}", {
      params: { path: { alert_id: "a1" } },
      body: { action: "acknowledge", note: "" },
      headers,
    }),
  );

describe("reading the API", () => {
  it("sends the token and encodes what is part of a path", async () => {
    const { api, seen } = make([200, 200]);
    await answer(api.GET("/api/v1/alerts", { params: { query: { limit: 50 } } }));
    await model(api);
    expect(seen.map((one) => [one.url, one.authorization])).toEqual([
      ["/api/v1/alerts?limit=50", "Bearer token-0"],
      ["/api/v1/models/a%20b", "Bearer token-0"],
    ]);
  });

  it("finds the API wherever it was deployed", async () => {
    const { api, seen } = make([200], true, "https://api.example.org/prod/api/v1");
    await models(api);
    expect(seen[0]?.url).toBe("https://api.example.org/prod/api/v1/models");
  });

  it("renews the session once when the API calls it over", async () => {
    const { api, seen } = make([401, 200]);
    expect(await models(api)).toEqual({ fine: true });
    expect(seen.map((one) => one.authorization)).toEqual(["Bearer token-0", "Bearer token-1"]);
  });

  it("gives up when renewing does not help", async () => {
    await expect(models(make([401, 401]).api)).rejects.toBeInstanceOf(SessionOverError);
    await expect(models(make([401], false).api)).rejects.toBeInstanceOf(SessionOverError);
  });

  it.each([429, 502, 503, 504])("tries a read again after %s", async (status) => {
    expect(await models(make([status, 200]).api)).toEqual({ fine: true });
  });

  it("passes on the API's own sentence, and what it says of fields", async () => {
    await expect(model(make([404]).api)).rejects.toMatchObject({ status: 404, message: "No, 404." });
    await expect(acknowledge(make([422]).api)).rejects.toMatchObject({
      fields: [{ where: "body.note", problem: "too long" }],
    });
  });

  it("does not wait for ever", async () => {
    await expect(models(make(["late"]).api)).rejects.toMatchObject({
      status: 0,
      message: "The API did not answer within 40 seconds. Try again.",
    });
  });

  it("says that the API cannot be reached", async () => {
    await expect(models(make(["offline"]).api)).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining("cannot be reached"),
    });
  });
});

describe("changing something", () => {
  it("is never sent twice by itself", async () => {
    const { api, seen } = make([503, 200]);
    await expect(acknowledge(api)).rejects.toBeInstanceOf(ApiError);
    expect(seen).toHaveLength(1);
  });

  it("carries the key of the intention, and the edition that was read", async () => {
    const { api, seen } = make([200, 200]);
    const { etag } = await edition(api.GET("/api/v1/models/{model_id}", { params: { path: { model_id: "m" } } }));
    await acknowledge(api, changing("key-1", etag));
    expect(seen[1]).toMatchObject({ key: "key-1", edition: '"7"' });
    expect(changing("key-1", null)).toEqual({ "Idempotency-Key": "key-1" });
  });

  it("says when somebody else was faster, whatever the API calls it", async () => {
    await expect(acknowledge(make([412]).api)).rejects.toMatchObject({
      status: 412,
      message: expect.stringContaining("What you wrote is still here"),
    });
  });
});
