/** The frame around every view: where one is, who one is, and moving between views. */

import type { App, View } from "./app";
import { refreshAges } from "./components/time";
import { h, replace } from "./dom";
import { address, parseRoute, type Route } from "./router";
import { applyTheme, currentTheme, nextTheme } from "./theme";
import { alertsView } from "./views/alerting/list";
import { modelView } from "./views/model/page";
import { overviewView } from "./views/overview/overview";

export interface Shell {
  readonly element: HTMLElement;
  show(): void;
  close(): void;
}

const REFRESH_EVERY_MS = 5 * 60_000;
const AGE_EVERY_MS = 30_000;

export function shell(app: App, signOut: () => void): Shell {
  const main = h("main", { id: "main", tabindex: -1 });
  const nav = h("nav", { "aria-label": "Main" });
  const element = h(
    "div",
    {},
    h("a", { class: "skip", href: "#main", onClick: skipTo(main) }, "Skip to the content"),
    header(app, nav, signOut),
    main,
    h(
      "footer",
      {},
      `Windows of days, weeks and months are in UTC. Other times are in your time zone (${zone()}), with UTC on hover.`,
    ),
  );
  let view: View | null = null;
  let shown = "";

  const show = (): void => {
    const route = parseRoute(location.hash);
    const place = route.path.join("/");
    replace(nav, navigation(route));
    if (view && place === shown && view.follow?.(route)) return;
    const first = view === null;
    shown = place;
    view = choose(app, route);
    document.title = `${view.title} – Syndic`;
    replace(main, view.element);
    window.scrollTo(0, 0);
    // The new page is announced by its heading; at the first page the browser does it itself.
    if (!first) main.focus({ preventScroll: true });
    void view.load();
  };

  const refresh = (): void => {
    if (!document.hidden) void view?.load();
  };
  const timer = setInterval(refresh, REFRESH_EVERY_MS);
  const older = setInterval(() => refreshAges(main), AGE_EVERY_MS);
  window.addEventListener("hashchange", show);
  return {
    element,
    show,
    close: () => {
      clearInterval(timer);
      clearInterval(older);
      window.removeEventListener("hashchange", show);
    },
  };
}

function choose(app: App, route: Route): View {
  const [first, second] = route.path;
  if (first === undefined) return overviewView(app);
  if (first === "alerts" && second === undefined) return alertsView(app, route);
  if (first === "models" && second !== undefined) return modelView(app, second, route);
  return notFound();
}

function notFound(): View {
  return {
    title: "Not found",
    element: h(
      "div",
      { class: "lead" },
      h("h1", {}, "There is no such page"),
      h("p", {}, h("a", { href: "#/" }, "Go to the overview")),
    ),
    load: async () => undefined,
  };
}

function navigation(route: Route): HTMLElement[] {
  const entry = (href: string, text: string, here: boolean): HTMLElement =>
    h("a", { href, "aria-current": here ? "page" : null }, text);
  return [
    entry("#/", "Overview", route.path.length === 0),
    entry(address(["alerts"]), "Alerts", route.path[0] === "alerts"),
  ];
}

function header(app: App, nav: HTMLElement, signOut: () => void): HTMLElement {
  const { name, groups } = app.session.person;
  const theme = h("button", { type: "button", class: "plain" });
  const label = (): void => {
    theme.textContent = `Theme: ${currentTheme()}`;
  };
  theme.addEventListener("click", () => {
    applyTheme(nextTheme(currentTheme()));
    label();
  });
  label();
  return h(
    "header",
    { class: "topbar" },
    h(
      "div",
      { class: "topbar-inner" },
      h("a", { class: "brand", href: "#/" }, h("img", { src: "mark.svg", alt: "" }), "Syndic"),
      nav,
      h(
        "div",
        { class: "person" },
        h("span", { class: "who", title: groups.length ? `Groups: ${groups.join(", ")}` : "In no group" }, name),
        theme,
        h("button", { type: "button", class: "plain", onClick: signOut }, "Sign out"),
      ),
    ),
  );
}

function zone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function skipTo(main: HTMLElement): (event: Event) => void {
  return (event) => {
    event.preventDefault(); // the address belongs to the view
    main.focus();
    main.scrollIntoView();
  };
}
