/** Reading the API: one typed request function, with the session's token and errors in one sentence. */

import type { Session } from "../session";

/** The API answered with an error, or not at all (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The session is over; the person has to sign in again. */
export class SessionOverError extends Error {}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Api {
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
}

/** The API itself gives up after 29 seconds; what takes longer never comes. */
const LONGEST_MS = 40_000;
const RETRY_AFTER_MS = 400;
const RETRIED = new Set([429, 502, 503, 504]);

export function createApi(
  base: string,
  session: Pick<Session, "token" | "refresh">,
  fetcher: typeof fetch = (...request) => fetch(...request),
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Api {
  const attempt = async (url: string, init: RequestInit): Promise<Response> => {
    const token = await session.token();
    if (token === null) throw new SessionOverError();
    const headers = { ...init.headers, authorization: `Bearer ${token}`, accept: "application/json" };
    try {
      return await fetcher(url, { ...init, headers, signal: AbortSignal.timeout(LONGEST_MS) });
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      throw new ApiError(
        0,
        late
          ? "The API did not answer within 40 seconds. Try again."
          : "The API cannot be reached. Check your connection and try again.",
      );
    }
  };

  const send = async <T>(url: string, init: RequestInit): Promise<T> => {
    let response = await attempt(url, init);
    if (response.status === 401) {
      if (!(await session.refresh())) throw new SessionOverError();
      response = await attempt(url, init);
      if (response.status === 401) throw new SessionOverError();
    }
    if (RETRIED.has(response.status) && init.method === "GET") {
      await wait(RETRY_AFTER_MS * (1 + Math.random()));
      response = await attempt(url, init);
    }
    if (!response.ok) throw new ApiError(response.status, await sentence(response));
    return (response.status === 204 ? undefined : await response.json()) as T;
  };

  const url = (path: string, query: Query = {}): string => {
    const parts = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined && value !== "") parts.set(name, String(value));
    }
    const tail = parts.toString();
    return `${base}${path}${tail ? `?${tail}` : ""}`;
  };

  return {
    get: (path, query) => send(url(path, query), { method: "GET" }),
    post: (path, body = {}) => send(url(path), change("POST", body)),
    patch: (path, body) => send(url(path), change("PATCH", body)),
  };
}

function change(method: string, body: unknown): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

const MEANINGS: Readonly<Record<number, string>> = {
  403: "Your account may not read this.",
  404: "This does not exist.",
  429: "Too many requests at once. Wait a moment and try again.",
  503: "The service behind the API does not answer. Try again in a minute.",
};

async function sentence(response: Response): Promise<string> {
  const fallback = MEANINGS[response.status] ?? `The API failed (status ${response.status}). Try again in a minute.`;
  try {
    // Problem details (RFC 9457) of the API itself; `message` is how API Gateway answers by itself.
    const body = (await response.json()) as { detail?: unknown; message?: unknown };
    const message = body.detail ?? body.message;
    return typeof message === "string" && message.trim() ? message : fallback;
  } catch {
    return fallback;
  }
}
