/** What was done, said once to everybody: shown for a while, and read out by screen readers. */

import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import { strings } from "../strings";

const SHOWN_MS = 8_000;

const TellContext = createContext<(text: string) => void>(() => undefined);

export function useTell(): (text: string) => void {
  return useContext(TellContext);
}

export function Teller({ children }: { children: ReactNode }): ReactNode {
  const [said, setSaid] = useState<{ readonly text: string; readonly at: number } | null>(null);
  const tell = useCallback((text: string) => setSaid({ text, at: performance.now() }), []);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <TellContext.Provider value={tell}>
      {children}
      <div className="told" aria-live="polite" data-told={said ? "" : undefined}>
        {said ? (
          <>
            <span>{said.text}</span>
            <button type="button" className="plain" onClick={() => setSaid(null)}>
              {strings.close}
            </button>
          </>
        ) : null}
      </div>
    </TellContext.Provider>
  );
}
