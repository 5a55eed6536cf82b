import "./styles/index.css";
import { createRoot } from "react-dom/client";
import { loadConfig } from "./config";
import { dropDrafts } from "./forms/draft";
import { Session, SignInError, SignInUnavailableError } from "./session";
import { Start } from "./start";
import { strings } from "./strings";
import { applyTheme, currentTheme } from "./theme";
import type { Told } from "./views/login/login";

const SIGNED_OUT_KEY = "syndic.signed-out";

async function start(element: HTMLElement): Promise<void> {
  applyTheme(currentTheme());
  const config = await loadConfig();
  const home = location.origin + location.pathname.replace(/[^/]*$/, "");
  const session = new Session(config, home, sessionStorage);
  const signedOut = sessionStorage.getItem(SIGNED_OUT_KEY) !== null;
  sessionStorage.removeItem(SIGNED_OUT_KEY);
  const answered = await finish(session, home);
  const signOut = (): void => {
    dropDrafts();
    sessionStorage.setItem(SIGNED_OUT_KEY, "yes");
    location.assign(session.signOut());
  };
  createRoot(element).render(
    <Start
      apiBase={config.apiBase}
      session={session}
      told={answered ?? (signedOut ? { text: strings.login.out, wrong: false } : null)}
      signOut={signOut}
    />,
  );
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

const element = document.getElementById("app");
if (element) {
  start(element).catch((error: unknown) => {
    createRoot(element).render(
      <main>
        <h1>{strings.shell.cannotStart}</h1>
        <div className="notice bad">
          <p>{error instanceof Error ? error.message : strings.unexpected}</p>
        </div>
      </main>,
    );
  });
}
