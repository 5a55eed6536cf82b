/** The frame around every view: where one is, who one is, moving between views, and what concerns all of them. */

import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useApp } from "../app";
import { useOutage } from "../outage";
import { strings } from "../strings";
import { applyTheme, currentTheme, nextTheme } from "../theme";
import { useKeys } from "./keys";
import { PLACES } from "./places";

const Palette = lazy(() => import("./palette"));
const KeyboardHelp = lazy(() => import("./help"));

const text = strings.shell;

type Opened = "palette" | "help" | null;

export function Shell(): ReactNode {
  const main = useRef<HTMLElement>(null);
  const [opened, setOpened] = useState<Opened>(null);
  const { path, moving } = useRouterState({
    select: (state) => ({ path: state.location.pathname, moving: state.isLoading }),
  });
  useArrival(path, moving, main);
  useKeys({ find: () => setOpened("palette"), help: () => setOpened("help") });
  return (
    <div>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place in the page, whose address belongs to the view */}
      <a className="skip" href="#main" onClick={skipTo(main)}>
        {text.skip}
      </a>
      <Topbar path={path} open={setOpened} />
      <OutageBanner />
      <main id="main" tabIndex={-1} ref={main}>
        <div className="panel" aria-busy={moving || undefined}>
          <Outlet />
        </div>
      </main>
      <footer>{text.zone(new Intl.DateTimeFormat().resolvedOptions().timeZone)}</footer>
      <Suspense>
        {opened === "palette" ? <Palette close={() => setOpened(null)} /> : null}
        {opened === "help" ? <KeyboardHelp close={() => setOpened(null)} /> : null}
      </Suspense>
    </div>
  );
}

/** A new page begins at its top and is announced by taking the focus; at the first page the browser does it itself. */
function useArrival(path: string, moving: boolean, main: React.RefObject<HTMLElement | null>): void {
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (moving || last.current === path) return;
    if (last.current !== null) {
      window.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    last.current = path;
  }, [path, moving, main]);
}

function Topbar({ path, open }: { path: string; open: (what: Opened) => void }): ReactNode {
  const { session, signOut } = useApp();
  const { name, groups } = session.person;
  const [theme, setTheme] = useState(currentTheme);
  const turn = (): void => {
    const next = nextTheme(theme);
    applyTheme(next);
    setTheme(next);
  };
  return (
    <header className="topbar">
      <div className="topbar-inner">
        <a className="brand" href="#/">
          <img src="mark.svg" alt="" />
          Syndic
        </a>
        <nav aria-label={text.main}>
          {PLACES.map(([place, shown]) => (
            <a key={place} href={`#${place}`} aria-current={isHere(place, path) ? "page" : undefined}>
              {shown}
            </a>
          ))}
        </nav>
        <div className="person">
          <button type="button" className="find" onClick={() => open("palette")}>
            {text.find} <kbd>{text.findKeys}</kbd>
          </button>
          <span className="who" title={text.groups(groups)}>
            {name}
          </span>
          <button type="button" className="plain" aria-label={text.keys} title={text.keys} onClick={() => open("help")}>
            <kbd>?</kbd>
          </button>
          <button type="button" className="plain" title={text.theme(theme)} onClick={turn}>
            <span className="visually-hidden">{text.themeIs}</span>
            {text.themes[theme]}
          </button>
          <button type="button" className="plain" onClick={signOut}>
            {text.signOut}
          </button>
        </div>
      </div>
    </header>
  );
}

function isHere(place: string, path: string): boolean {
  return place === "/" ? path === "/" : path === place || path.startsWith(`${place}/`);
}

function OutageBanner(): ReactNode {
  const client = useQueryClient();
  if (!useOutage()) return null;
  return (
    <div className="notice bad outage" role="alert">
      <p>
        <b>{strings.panel.old}</b>
        {text.outage}
      </p>
      <button type="button" onClick={() => void client.refetchQueries({ type: "active" })}>
        {strings.again}
      </button>
    </div>
  );
}

function skipTo(main: React.RefObject<HTMLElement | null>): (event: React.MouseEvent) => void {
  return (event) => {
    event.preventDefault(); // the address belongs to the view
    main.current?.focus();
    main.current?.scrollIntoView();
  };
}
