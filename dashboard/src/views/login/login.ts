/** Signing in: name and password, and what Cognito may ask for next. */

import { type Child, freshId, h, replace } from "../../dom";
import { type Challenge, type Session, SignInError, SignInUnavailableError } from "../../session";

export interface LoginView {
  readonly element: HTMLElement;
  focus(): void;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "password";
  readonly autocomplete: string;
  readonly hint?: string;
}

const CREDENTIALS: readonly Field[] = [
  { name: "username", label: "E-mail or user name", type: "text", autocomplete: "username" },
  { name: "password", label: "Password", type: "password", autocomplete: "current-password" },
];

const ANSWERS: Readonly<Record<Challenge["name"], { title: string; why: string; field: Field }>> = {
  NEW_PASSWORD_REQUIRED: {
    title: "Choose your own password",
    why: "The password you were given works only once.",
    field: {
      name: "answer",
      label: "New password",
      type: "password",
      autocomplete: "new-password",
      hint: "At least 12 characters with capital and small letters, digits and signs.",
    },
  },
  SOFTWARE_TOKEN_MFA: {
    title: "Enter your code",
    why: "Open your authenticator app and enter the code it shows.",
    field: { name: "answer", label: "Six-digit code", type: "text", autocomplete: "one-time-code" },
  },
};

export function loginView(session: Session, message: string | null, done: () => void): LoginView {
  const card = h("div", {});
  const element = h(
    "main",
    { class: "login" },
    h("p", { class: "brand" }, h("img", { src: "mark.svg", alt: "" }), "Syndic"),
    card,
    h("p", { class: "quiet" }, "What is wrong with which model, since when, and what to do about it."),
  );

  const askAnswer = (challenge: Challenge): void => {
    const { title, why, field } = ANSWERS[challenge.name];
    replace(
      card,
      form(title, h("p", {}, why), [field], "Continue", async (values) => {
        const result = await session.respond(challenge, values["answer"] ?? "");
        if (result.done) done();
        else askAnswer(result.challenge);
      }),
    );
    focusFirst(card);
  };

  const note = message ? h("div", { class: "notice warn", role: "status" }, h("p", {}, message)) : null;
  replace(
    card,
    form("Sign in", note, CREDENTIALS, "Sign in", async (values) => {
      const result = await session.signIn((values["username"] ?? "").trim(), values["password"] ?? "");
      if (result.done) done();
      else askAnswer(result.challenge);
    }),
  );
  return { element, focus: () => focusFirst(card) };
}

function focusFirst(card: HTMLElement): void {
  card.querySelector("input")?.focus();
}

function form(
  title: string,
  intro: Child,
  fields: readonly Field[],
  action: string,
  submit: (values: Record<string, string>) => Promise<void>,
): HTMLElement {
  const problem = h("div", { role: "alert" });
  const button = h("button", { class: "primary", type: "submit" }, action);
  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const values: Record<string, string> = {};
    for (const [name, value] of new FormData(element)) values[name] = String(value);
    button.disabled = true;
    replace(problem);
    try {
      await submit(values);
    } catch (error) {
      if (!(error instanceof SignInError || error instanceof SignInUnavailableError)) throw error;
      replace(problem, h("div", { class: "notice bad" }, h("p", {}, error.message)));
      focusFirst(element);
    } finally {
      button.disabled = false;
    }
  };
  const element = h(
    "form",
    { onSubmit: (event) => void onSubmit(event) },
    h("h1", {}, title),
    intro,
    fields.map(input),
    problem,
    button,
  );
  return element;
}

function input(field: Field): HTMLElement {
  const hint = field.hint ? freshId("hint") : null;
  return h(
    "label",
    {},
    field.label,
    h("input", {
      name: field.name,
      type: field.type,
      autocomplete: field.autocomplete,
      autocapitalize: "none",
      spellcheck: "false",
      required: true,
      "aria-describedby": hint,
    }),
    hint ? h("small", { id: hint, class: "quiet" }, field.hint) : null,
  );
}
