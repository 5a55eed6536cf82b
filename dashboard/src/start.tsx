/** Signed in or not: the sign-in page, or the application with its API and what it has read. */

import { CSPProvider } from "@base-ui/react/csp-provider";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { createApi, SessionOverError } from "./api/client";
import { createReads } from "./api/reads";
import { AppContext } from "./app";
import { createPages } from "./pages";
import type { Session } from "./session";
import { Teller } from "./shell/told";
import { strings } from "./strings";
import { Login, type Told } from "./views/login/login";

interface StartProps {
  readonly apiBase: string;
  readonly session: Session;
  readonly told: Told | null;
  signOut(): void;
}

/** How often what is shown is read again. */
const REFRESH_EVERY_MS = 5 * 60_000;
/** One request for all who ask within this time; a view that is opened later shows what was read and reads it again. */
const FRESH_MS = 1_000;

export function createQueries(onSessionOver: () => void): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof SessionOverError) onSessionOver();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The client of the API tries a read again by itself, and nobody sends a change twice.
      queries: { retry: false, refetchInterval: REFRESH_EVERY_MS, staleTime: FRESH_MS, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

export function Start({ apiBase, session, told: first, signOut }: StartProps): ReactNode {
  const [told, setTold] = useState(first);
  const [inside, setInside] = useState(session.signedIn && !first?.wrong);
  const made = useMemo(() => {
    const api = createApi(apiBase, session);
    const queries = createQueries(() => {
      setTold({ text: strings.login.ended, wrong: false });
      setInside(false);
    });
    return { app: { api, reads: createReads(api), session, signOut }, queries, pages: createPages() };
  }, [apiBase, session, signOut]);
  if (!inside) return <Login session={session} told={told} leave={(address) => location.assign(address)} />;
  return (
    <CSPProvider disableStyleElements>
      <AppContext.Provider value={made.app}>
        <QueryClientProvider client={made.queries}>
          <Teller>
            <RouterProvider router={made.pages} />
          </Teller>
        </QueryClientProvider>
      </AppContext.Provider>
    </CSPProvider>
  );
}
