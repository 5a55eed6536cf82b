/** Before signing in: why, and the way to the user pool's own pages, which ask for everything. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Session, SignInError, SignInUnavailableError } from "../../session";
import { strings } from "../../strings";

const text = strings.login;

/** Why somebody is before this page: said, and whether it went wrong. */
export interface Told {
  readonly text: string;
  readonly wrong: boolean;
}

interface LoginProps {
  readonly session: Session;
  readonly told: Told | null;
  leave(address: string): void;
}

export function Login({ session, told, leave }: LoginProps): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  const [problem, setProblem] = useState(told?.wrong ? told.text : null);
  const [leaving, setLeaving] = useState(false);
  useEffect(() => {
    document.title = `${text.title} – Syndic`;
    button.current?.focus();
  }, []);
  const signIn = async (): Promise<void> => {
    setLeaving(true);
    try {
      leave(await session.begin(location.hash));
    } catch (error) {
      if (!(error instanceof SignInError || error instanceof SignInUnavailableError)) throw error;
      setProblem(error.message);
      setLeaving(false);
    }
  };
  return (
    <main className="login">
      <p className="brand">
        <img src="mark.svg" alt="" />
        Syndic
      </p>
      <div className="stack">
        <h1>{text.title}</h1>
        {told && !told.wrong ? (
          <div className="notice warn" role="status">
            <p>{told.text}</p>
          </div>
        ) : null}
        <div role="alert">
          {problem === null ? null : (
            <div className="notice bad">
              <p>{problem}</p>
            </div>
          )}
        </div>
        <button className="primary" type="button" ref={button} disabled={leaving} onClick={() => void signIn()}>
          {text.button}
        </button>
      </div>
      <p className="quiet">{text.purpose}</p>
    </main>
  );
}
