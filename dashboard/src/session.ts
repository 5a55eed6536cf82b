/** Signing in with Amazon Cognito by plain requests, and keeping the tokens for this browser tab only. */

import type { Config } from "./config";

export interface Tokens {
  readonly idToken: string;
  readonly refreshToken: string | null;
  readonly expiresAt: number;
}

export interface Challenge {
  readonly name: "NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA";
  readonly session: string;
  readonly username: string;
}

export type SignIn = { readonly done: true } | { readonly done: false; readonly challenge: Challenge };

/** A refusal of signing in, in one sentence for a person. */
export class SignInError extends Error {}

/** Cognito did not answer or failed: says nothing about the person. */
export class SignInUnavailableError extends Error {}

const UNAVAILABLE = "Signing in is not possible at the moment. Try again in a minute.";

const STORAGE_KEY = "syndic.session";
const REFRESH_BEFORE_MS = 60_000;

interface AuthenticationResult {
  IdToken?: string;
  RefreshToken?: string;
  ExpiresIn?: number;
}

interface CognitoAnswer {
  AuthenticationResult?: AuthenticationResult;
  ChallengeName?: string;
  Session?: string;
  __type?: string;
  message?: string;
}

const SENTENCES: Readonly<Record<string, string>> = {
  NotAuthorizedException: "The user name or the password is not right.",
  UserNotFoundException: "The user name or the password is not right.",
  PasswordResetRequiredException: "Your password must be reset. Ask your administrator to do it.",
  UserNotConfirmedException: "This account is not confirmed yet. Ask your administrator.",
  InvalidPasswordException: "This password does not meet the rules for passwords.",
  CodeMismatchException: "This code is not right. Enter the newest one of your authenticator app.",
  ExpiredCodeException: "This code has expired. Enter the newest one of your authenticator app.",
  TooManyRequestsException: "Too many attempts. Wait a minute and try again.",
  LimitExceededException: "Too many attempts. Wait a minute and try again.",
};

export class Session {
  private tokens: Tokens | null;
  private refreshing: Promise<boolean> | null = null;

  constructor(
    private readonly config: Config,
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

  async signIn(username: string, password: string): Promise<SignIn> {
    const answer = await this.call("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: this.config.userPoolClientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    return this.take(answer, username);
  }

  /** Answer what Cognito asked for: a new password, or the code of an authenticator app. */
  async respond(challenge: Challenge, answer: string): Promise<SignIn> {
    const parameter = challenge.name === "NEW_PASSWORD_REQUIRED" ? "NEW_PASSWORD" : "SOFTWARE_TOKEN_MFA_CODE";
    const result = await this.call("RespondToAuthChallenge", {
      ChallengeName: challenge.name,
      ClientId: this.config.userPoolClientId,
      Session: challenge.session,
      ChallengeResponses: { USERNAME: challenge.username, [parameter]: answer },
    });
    return this.take(result, challenge.username);
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

  signOut(): void {
    const refreshToken = this.tokens?.refreshToken;
    this.forget();
    if (!refreshToken) return;
    // Best effort: the tab has already forgotten the token, and it dies by its lifetime anyway.
    this.call("RevokeToken", { Token: refreshToken, ClientId: this.config.userPoolClientId }).catch(() => undefined);
  }

  private async renew(): Promise<boolean> {
    const refreshToken = this.tokens?.refreshToken;
    if (!refreshToken) {
      this.forget();
      return false;
    }
    try {
      const answer = await this.call("InitiateAuth", {
        AuthFlow: "REFRESH_TOKEN_AUTH",
        ClientId: this.config.userPoolClientId,
        AuthParameters: { REFRESH_TOKEN: refreshToken },
      });
      return this.take(answer, "", refreshToken).done;
    } catch (error) {
      if (error instanceof SignInError) {
        this.forget();
        return false;
      }
      throw error; // no answer is no reason to sign anybody out
    }
  }

  private take(answer: CognitoAnswer, username: string, refreshToken: string | null = null): SignIn {
    const result = answer.AuthenticationResult;
    if (result?.IdToken) {
      this.keep({
        idToken: result.IdToken,
        refreshToken: result.RefreshToken ?? refreshToken,
        expiresAt: this.now() + (result.ExpiresIn ?? 3600) * 1000,
      });
      return { done: true };
    }
    const name = answer.ChallengeName;
    if ((name === "NEW_PASSWORD_REQUIRED" || name === "SOFTWARE_TOKEN_MFA") && answer.Session) {
      return { done: false, challenge: { name, session: answer.Session, username } };
    }
    throw new SignInError("Your account needs a step that this page does not offer. Ask your administrator.");
  }

  private keep(tokens: Tokens): void {
    this.tokens = tokens;
    this.storage.setItem(STORAGE_KEY, JSON.stringify(tokens));
  }

  private forget(): void {
    this.tokens = null;
    this.storage.removeItem(STORAGE_KEY);
  }

  private async call(action: string, body: unknown): Promise<CognitoAnswer> {
    const request = this.fetcher(this.config.cognitoEndpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify(body),
    });
    const response = await request.catch(() => {
      throw new SignInUnavailableError("The sign-in service cannot be reached. Check your connection and try again.");
    });
    const answer = (await response.json().catch(() => ({}))) as CognitoAnswer;
    if (response.ok) return answer;
    const kind = (answer.__type ?? "").replace(/^.*#/, "");
    const sentence = SENTENCES[kind];
    if (sentence === undefined && (response.status >= 500 || response.status === 429)) {
      throw new SignInUnavailableError(UNAVAILABLE);
    }
    throw new SignInError(sentence ?? UNAVAILABLE);
  }
}

function parseTokens(stored: string | null): Tokens | null {
  if (stored === null) return null;
  try {
    const value = JSON.parse(stored) as Partial<Tokens>;
    if (typeof value.idToken !== "string" || typeof value.expiresAt !== "number") return null;
    return { idToken: value.idToken, refreshToken: value.refreshToken ?? null, expiresAt: value.expiresAt };
  } catch {
    return null;
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
