/** Before signing in: why, and the way to the user pool's own pages, which ask for everything. */

import { h, replace } from "../../dom";
import { type Session, SignInError, SignInUnavailableError } from "../../session";

export interface LoginView {
  readonly element: HTMLElement;
  focus(): void;
}

export interface Told {
  readonly text: string;
  readonly wrong: boolean;
}

export function loginView(session: Session, told: Told | null, leave: (address: string) => void): LoginView {
  const problem = h("div", { role: "alert" });
  const button = h("button", { class: "primary", type: "button", onClick: () => void signIn() }, "Sign in");

  const signIn = async (): Promise<void> => {
    button.disabled = true;
    try {
      leave(await session.begin(location.hash));
    } catch (error) {
      if (!(error instanceof SignInError || error instanceof SignInUnavailableError)) throw error;
      replace(problem, notice(error.message));
      button.disabled = false;
    }
  };

  if (told?.wrong) replace(problem, notice(told.text));
  const note = told && !told.wrong ? h("div", { class: "notice warn", role: "status" }, h("p", {}, told.text)) : null;
  const element = h(
    "main",
    { class: "login" },
    h("p", { class: "brand" }, h("img", { src: "mark.svg", alt: "" }), "Syndic"),
    h("div", {}, h("h1", {}, "Sign in"), note, problem, button),
    h("p", { class: "quiet" }, "What is wrong with which model, since when, and what to do about it."),
  );
  return { element, focus: () => button.focus() };
}

function notice(text: string): HTMLElement {
  return h("div", { class: "notice bad" }, h("p", {}, text));
}
