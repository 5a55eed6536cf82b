/** The API, typed from its OpenAPI description: the session's token, retries, editions and errors in one sentence. */

import createClient, { type Client } from "openapi-fetch";
import { strings } from "../strings";
import type { paths } from "./schema";

/** What is wrong with one field of what was sent. */
export interface FieldProblem {
  readonly where: string;
  readonly problem: string;
}

/** The API answered with an error, or not at all (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(message);
  }
}

/** That there is no such thing: the API has none, or nothing can have such an id. */
export function isMissing(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  const { status, fields } = error;
  return (
    status === 404 || (status === 422 && fields.length > 0 && fields.every(({ where }) => where.startsWith("path.")))
  );
}

/** The session is over; the person has to sign in again. */
export class SessionOverError extends Error {}

export type Api = Client<paths>;

export interface Session {
  token(): Promise<string | null>;
  refresh(): Promise<boolean>;
}

/** The API itself gives up after 29 seconds; what takes longer never comes. */
const LONGEST_MS = 40_000;
const RETRY_AFTER_MS = 400;
const RETRIED = new Set([429, 502, 503, 504]);
const UNFIT = "invalid_request";
/** Every path of the description begins with it, and so does every address of the API. */
const PREFIX = "/api/v1";

/** `base` is the address under which the API answers, ending in `/api/v1`. */
export function createApi(
  base: string,
  session: Session,
  fetcher: typeof fetch = (...request) => fetch(...request),
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Api {
  const attempt = async (request: Request): Promise<Response> => {
    const token = await session.token();
    if (token === null) throw new SessionOverError();
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${token}`);
    headers.set("accept", "application/json");
    try {
      return await fetcher(request.clone(), { headers, signal: AbortSignal.timeout(LONGEST_MS) });
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      throw new ApiError(0, late ? strings.api.late : strings.api.unreachable);
    }
  };

  const send = async (request: Request): Promise<Response> => {
    let response = await attempt(request);
    if (response.status === 401) {
      if (!(await session.refresh())) throw new SessionOverError();
      response = await attempt(request);
      if (response.status === 401) throw new SessionOverError();
    }
    if (RETRIED.has(response.status) && request.method === "GET") {
      await wait(RETRY_AFTER_MS * (1 + Math.random()));
      response = await attempt(request);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  };

  const root = base.endsWith(PREFIX) ? base.slice(0, -PREFIX.length) : base;
  // `Request` needs a whole address.
  const whole = new URL(root || "/", globalThis.location?.href ?? "http://localhost/").href.replace(/\/$/, "");
  return createClient<paths>({
    baseUrl: whole,
    fetch: send,
    querySerializer: { array: { style: "form", explode: true } },
  });
}

/** The answer of a request that did not fail: `createApi` throws where the API refuses. */
export async function answer<T>(request: Promise<{ data?: T }>): Promise<T> {
  return (await request).data as T;
}

/** The same with the edition (`ETag`) of the record, for a change that must not overwrite somebody else's. */
export async function edition<T>(request: Promise<{ data?: T; response: Response }>): Promise<Edition<T>> {
  const { data, response } = await request;
  return { value: data as T, etag: response.headers.get("etag") };
}

export interface Edition<T> {
  readonly value: T;
  readonly etag: string | null;
}

/** Headers of a change: the same key for the same intention, and the edition that was seen. */
export function changing(key: string, etag?: string | null): Record<string, string> {
  return { "Idempotency-Key": key, ...(etag ? { "If-Match": etag } : {}) };
}

async function refusal(response: Response): Promise<ApiError> {
  const fallback = strings.api.meanings[response.status] ?? strings.api.failed(response.status);
  try {
    // Problem details (RFC 9457) of the API itself; `message` is how API Gateway answers by itself.
    const body = (await response.json()) as { detail?: unknown; message?: unknown; errors?: unknown; code?: unknown };
    const said = body.detail ?? body.message;
    const message = typeof said === "string" && said.trim() ? said : fallback;
    // Of these two the API's own sentence is for who writes programs.
    const ours = response.status === 412 ? strings.api.overtaken : body.code === UNFIT ? strings.api.unfit : undefined;
    return new ApiError(response.status, ours ?? message, fieldsOf(body.errors));
  } catch {
    return new ApiError(response.status, fallback);
  }
}

function fieldsOf(errors: unknown): FieldProblem[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(
    (one): one is FieldProblem => typeof one?.where === "string" && typeof one?.problem === "string",
  );
}
