/** Signing in on the user pool's own pages (code flow with PKCE), and keeping the tokens for this browser tab only. */

import type { Config } from "./config";

export interface Tokens {
  readonly idToken: string;
  readonly refreshToken: string | null;
  readonly expiresAt: number;
}

/** A refusal of signing in, in one sentence for a person. */
export class SignInError extends Error {}

/** The user pool did not answer or failed: says nothing about the person. */
export class SignInUnavailableError extends Error {}

const UNAVAILABLE = "Signing in is not possible at the moment. Try again in a minute.";
const NOT_BEGUN_HERE = "This sign-in was not begun in this tab. Sign in again.";

const STORAGE_KEY = "syndic.session";
const BEGUN_KEY = "syndic.sign-in";
const SCOPES = "openid email profile";
const REFRESH_BEFORE_MS = 60_000;

interface Begun {
  readonly state: string;
  readonly verifier: string;
  readonly page: string;
}

interface TokenAnswer {
  id_token?: string;
  refresh_token?: string;
  expires_in?: number;
}

export class Session {
  private tokens: Tokens | null;
  private refreshing: Promise<boolean> | null = null;

  /** `home` is where the page is served, without query and hash: what the client of the pool calls its callback. */
  constructor(
    private readonly config: Config,
    private readonly home: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    private readonly fetcher: typeof fetch = (...request) => fetch(...request),
    private readonly now: () => number = Date.now,
  ) {
    this.tokens = parseTokens(storage.getItem(STORAGE_KEY));
  }

  get signedIn(): boolean {
    return this.tokens !== null;
  }

  /** What the token says of the person. It is shown, never trusted: the API decides what is allowed. */
  get person(): { readonly name: string; readonly groups: readonly string[] } {
    const claims = this.tokens ? readClaims(this.tokens.idToken) : {};
    const groups = claims["cognito:groups"];
    const name = claims["email"] ?? claims["cognito:username"] ?? claims["sub"];
    return {
      name: typeof name === "string" ? name : "signed in",
      groups: Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [],
    };
  }

  /** The address of the sign-in page. `page` (a hash) is opened again afterwards. */
  async begin(page: string): Promise<string> {
    const begun: Begun = { state: randomText(), verifier: randomText(), page };
    this.storage.setItem(BEGUN_KEY, JSON.stringify(begun));
    return this.pool("/oauth2/authorize", {
      response_type: "code",
      client_id: this.config.userPoolClientId,
      redirect_uri: this.home,
      scope: SCOPES,
      state: begun.state,
      code_challenge: await challengeOf(begun.verifier),
      code_challenge_method: "S256",
    });
  }

  /** Take what the sign-in page answered in the query. Gives the page to open, or null when nothing was answered. */
  async finish(query: URLSearchParams): Promise<string | null> {
    const code = query.get("code");
    const refused = query.get("error");
    if (code === null && refused === null) return null;
    const begun = parseBegun(this.storage.getItem(BEGUN_KEY));
    this.storage.removeItem(BEGUN_KEY);
    if (begun === null || begun.state !== query.get("state")) throw new SignInError(NOT_BEGUN_HERE);
    if (code === null) throw new SignInError(query.get("error_description") ?? "Signing in was refused.");
    const answer = await this.exchange({
      grant_type: "authorization_code",
      code,
      redirect_uri: this.home,
      code_verifier: begun.verifier,
    });
    if (answer === null) throw new SignInError(NOT_BEGUN_HERE);
    return begun.page;
  }

  /** A token that is good for at least a minute, refreshed when needed; null: sign in again. */
  async token(): Promise<string | null> {
    if (this.tokens === null) return null;
    if (this.tokens.expiresAt - this.now() > REFRESH_BEFORE_MS) return this.tokens.idToken;
    return (await this.refresh()) ? (this.tokens?.idToken ?? null) : null;
  }

  /** Get new tokens; several callers at once share one request. False: the session is over. */
  refresh(): Promise<boolean> {
    this.refreshing ??= this.renew().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  /** Forget everything here. Gives the address at which the pool forgets its own session and leads back. */
  signOut(): string {
    const refreshToken = this.tokens?.refreshToken;
    this.forget();
    if (refreshToken) {
      // Best effort: the tab has already forgotten the token, and it dies by its lifetime anyway.
      this.post("/oauth2/revoke", { token: refreshToken }, true).catch(() => undefined);
    }
    return this.pool("/logout", { client_id: this.config.userPoolClientId, logout_uri: this.home });
  }

  private async renew(): Promise<boolean> {
    const refreshToken = this.tokens?.refreshToken;
    const renewed = refreshToken
      ? await this.exchange({ grant_type: "refresh_token", refresh_token: refreshToken }, refreshToken)
      : null;
    if (renewed === null) this.forget();
    return renewed !== null;
  }

  /** New tokens; null when the pool refuses. No answer is no reason to sign anybody out: it is thrown. */
  private async exchange(fields: Record<string, string>, refreshToken: string | null = null): Promise<Tokens | null> {
    const response = await this.post("/oauth2/token", fields);
    if (response.status === 429 || response.status >= 500) throw new SignInUnavailableError(UNAVAILABLE);
    const answer = (await response.json().catch(() => ({}))) as TokenAnswer;
    if (!response.ok || !answer.id_token) return null;
    this.tokens = {
      idToken: answer.id_token,
      refreshToken: answer.refresh_token ?? refreshToken,
      expiresAt: this.now() + (answer.expires_in ?? 3600) * 1000,
    };
    this.storage.setItem(STORAGE_KEY, JSON.stringify(this.tokens));
    return this.tokens;
  }

  private async post(path: string, fields: Record<string, string>, keepalive = false): Promise<Response> {
    const body = new URLSearchParams({ ...fields, client_id: this.config.userPoolClientId });
    try {
      return await this.fetcher(this.config.loginUrl + path, { method: "POST", body, keepalive });
    } catch {
      throw new SignInUnavailableError("The sign-in service cannot be reached. Check your connection and try again.");
    }
  }

  private pool(path: string, query: Record<string, string>): string {
    return `${this.config.loginUrl}${path}?${new URLSearchParams(query)}`;
  }

  private forget(): void {
    this.tokens = null;
    this.storage.removeItem(STORAGE_KEY);
  }
}

function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function parseBegun(stored: string | null): Begun | null {
  const value = parse(stored) as Partial<Begun>;
  if (typeof value.state !== "string" || typeof value.verifier !== "string") return null;
  return { state: value.state, verifier: value.verifier, page: typeof value.page === "string" ? value.page : "" };
}

function parseTokens(stored: string | null): Tokens | null {
  const value = parse(stored) as Partial<Tokens>;
  if (typeof value.idToken !== "string" || typeof value.expiresAt !== "number") return null;
  return { idToken: value.idToken, refreshToken: value.refreshToken ?? null, expiresAt: value.expiresAt };
}

function parse(stored: string | null): object {
  try {
    const value: unknown = JSON.parse(stored ?? "null");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function readClaims(token: string): Record<string, unknown> {
  try {
    const part = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
