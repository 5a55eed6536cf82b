import "./styles/index.css";
import { createApi, SessionOverError } from "./api/client";
import { createReads } from "./api/reads";
import { loadConfig } from "./config";
import { h, replace } from "./dom";
import { Session, SignInError, SignInUnavailableError } from "./session";
import { type Shell, shell } from "./shell";
import { applyTheme, currentTheme } from "./theme";
import { loginView, type Told } from "./views/login/login";

const SIGNED_OUT_KEY = "syndic.signed-out";

async function start(root: HTMLElement): Promise<void> {
  applyTheme(currentTheme());
  const config = await loadConfig();
  const home = location.origin + location.pathname.replace(/[^/]*$/, "");
  const session = new Session(config, home, sessionStorage);
  const reads = createReads(createApi(config.apiBase, session));
  let current: Shell | null = null;

  const signIn = (told: Told | null): void => {
    current?.close();
    current = null;
    const view = loginView(session, told, (address) => location.assign(address));
    replace(root, view.element);
    document.title = "Sign in – Syndic";
    view.focus();
  };

  const open = (): void => {
    const opened = shell({ reads, session }, () => {
      sessionStorage.setItem(SIGNED_OUT_KEY, "yes");
      location.assign(session.signOut());
    });
    current = opened;
    replace(root, opened.element);
    opened.show();
  };

  window.addEventListener("unhandledrejection", (event) => {
    if (!(event.reason instanceof SessionOverError)) return;
    event.preventDefault();
    // Several reads of one page may end together; one message is enough.
    if (current) {
      signIn({ text: "Your session has ended. Sign in again; you will come back to this page.", wrong: false });
    }
  });

  const signedOut = sessionStorage.getItem(SIGNED_OUT_KEY) !== null;
  sessionStorage.removeItem(SIGNED_OUT_KEY);
  const answered = await finish(session, home);
  if (answered) signIn(answered);
  else if (session.signedIn) open();
  else signIn(signedOut ? { text: "You are signed out.", wrong: false } : null);
}

/** Take the sign-in page's answer out of the address, whatever becomes of it: a code is good once. */
async function finish(session: Session, home: string): Promise<Told | null> {
  const query = new URLSearchParams(location.search);
  try {
    const page = await session.finish(query);
    if (page !== null) history.replaceState(null, "", home + page);
    return null;
  } catch (error) {
    if (!(error instanceof SignInError || error instanceof SignInUnavailableError)) throw error;
    history.replaceState(null, "", home + location.hash);
    return { text: error.message, wrong: true };
  }
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
