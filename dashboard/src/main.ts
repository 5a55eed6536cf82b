import "./styles/index.css";
import { createApi, SessionOverError } from "./api/client";
import { createReads } from "./api/reads";
import { loadConfig } from "./config";
import { h, replace } from "./dom";
import { Session } from "./session";
import { type Shell, shell } from "./shell";
import { applyTheme, currentTheme } from "./theme";
import { loginView } from "./views/login/login";

async function start(root: HTMLElement): Promise<void> {
  applyTheme(currentTheme());
  const config = await loadConfig();
  const session = new Session(config, sessionStorage);
  const reads = createReads(createApi(config.apiBase, session));
  let current: Shell | null = null;

  const signIn = (message: string | null): void => {
    current?.close();
    current = null;
    const view = loginView(session, message, open);
    replace(root, view.element);
    document.title = "Sign in – Syndic";
    view.focus();
  };

  const open = (): void => {
    const opened = shell({ reads, session }, () => {
      session.signOut();
      signIn("You are signed out.");
    });
    current = opened;
    replace(root, opened.element);
    opened.show();
  };

  window.addEventListener("unhandledrejection", (event) => {
    if (!(event.reason instanceof SessionOverError)) return;
    event.preventDefault();
    // Several reads of one page may end together; one message is enough.
    if (current) signIn("Your session has ended. Sign in again; you will come back to this page.");
  });

  if (session.signedIn) open();
  else signIn(null);
}

const root = document.getElementById("app");
if (root) {
  start(root).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : "Something unexpected happened.";
    replace(
      root,
      h("main", {}, h("h1", {}, "Syndic cannot start"), h("div", { class: "notice bad" }, h("p", {}, reason))),
    );
  });
}
