/** The whole application in a document, signed in, on recorded answers of the API and what a test puts in their place. */

import { render, screen, waitFor } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import { expect, vi } from "vitest";
import type { Session } from "../../src/session";
import { Start } from "../../src/start";
import recording from "../fixtures/demo.json?raw";

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

export const recorded = JSON.parse(recording) as Record<string, Answer>;

export interface Sent {
  readonly call: string;
  readonly body: unknown;
  readonly headers: Headers;
}

export type Answers = Readonly<Record<string, Answer | ((sent: Sent) => Answer)>>;

export interface Opened {
  readonly user: UserEvent;
  /** Everything that was asked of the API, in order. */
  readonly sent: readonly Sent[];
  /** What is answered from now on. */
  answers: Answers;
}

interface Options {
  readonly groups?: readonly string[];
  readonly name?: string;
  readonly answers?: Answers;
}

export const CREDIT = "german-credit-bd8897";
export const CAR = "car-loan-d12ba7";

export function body<T>(call: string): T {
  const found = recorded[call];
  if (!found) throw new Error(`nothing is recorded for ${call}`);
  return structuredClone(found.body) as T;
}

/** The way a recording names a call: the query sorted. */
function callOf(request: Request): string {
  const url = new URL(request.url);
  url.searchParams.sort();
  const query = url.searchParams.toString();
  return `${request.method} ${decodeURIComponent(url.pathname.replace("/api/v1", ""))}${query ? `?${query}` : ""}`;
}

export function open(address: string, options: Options = {}): Opened {
  const sent: Sent[] = [];
  const opened = { user: userEvent.setup(), sent, answers: options.answers ?? {} };
  vi.stubGlobal("fetch", async (request: Request, init: RequestInit = {}): Promise<Response> => {
    const text = await request.text();
    const asked = {
      call: callOf(request),
      body: text ? JSON.parse(text) : null,
      headers: new Headers(init.headers ?? request.headers),
    };
    sent.push(asked);
    const given = opened.answers[asked.call] ?? recorded[asked.call];
    const answer = typeof given === "function" ? given(asked) : given;
    const {
      status,
      body: answered,
      headers,
    } = answer ?? { status: 404, body: { detail: `No ${asked.call}.` }, headers: {} };
    return new Response(status === 204 ? null : JSON.stringify(answered), { status, ...(headers ? { headers } : {}) });
  });
  const session = {
    signedIn: true,
    person: { name: options.name ?? "somebody@example.com", groups: options.groups ?? ["auditor"] },
    token: async () => "token",
    refresh: async () => false,
    begin: async () => "#",
    signOut: () => "#",
  } as unknown as Session;
  location.hash = address;
  render(<Start apiBase="/api/v1" session={session} told={null} signOut={() => undefined} />);
  return opened;
}

/** Waits until nothing is being read. */
export async function settled(): Promise<void> {
  await waitFor(
    () => {
      expect(document.querySelector("main")).not.toBeNull();
      expect(document.querySelector("[aria-busy], .waiting")).toBeNull();
    },
    { timeout: 5_000 },
  );
}

/** Without a layout there is no contrast to measure; the browser's tests do that. */
export async function violations(): Promise<string[]> {
  const found = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`));
}

/** What was sent to change something. */
export function changes(opened: Opened): readonly Sent[] {
  return opened.sent.filter(({ call }) => !call.startsWith("GET "));
}

export const dialog = (): HTMLElement => screen.getByRole("dialog");
