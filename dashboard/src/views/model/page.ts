/** One model: what is wrong in one sentence, then every concern in its section. */

import { ApiError } from "../../api/client";
import type { Alert, ModelPage } from "../../api/reads";
import type { App, View } from "../../app";
import { empty, type Panel, panel } from "../../components/panel";
import { icon } from "../../components/state";
import { type Child, h, replace } from "../../dom";
import { address, type Route } from "../../router";
import { type Tone, urgency, word } from "../../words";
import { acknowledge } from "../alerting/list";
import { grouped, trouble } from "../alerting/trouble";
import { activitySection } from "../audit/section";
import { biasSection } from "../bias/section";
import { complianceSection, STATES } from "../compliance/section";
import { driftSection } from "../drift/section";
import { qualitySection, qualityTone } from "../quality/section";
import { header } from "./header";

interface Section {
  readonly name: string;
  readonly title: string;
  readonly panel: Panel;
  /** Its link in the page's own navigation, with the state it is in. */
  readonly link: HTMLAnchorElement;
}

export function modelView(app: App, id: string, first: Route): View {
  const reads = app.reads.model(id);
  const page = h("div", { class: "panel model" });
  const top = panel("this model", orNotFound(reads.summary, page), header);
  const section = <T>(
    name: string,
    title: string,
    read: () => Promise<T>,
    view: (value: T) => Child,
    toneOf?: (value: T) => Tone,
  ): Section => {
    const href = address(["models", id], { section: name });
    const link = h("a", { href, onClick: (event) => jump(event, href, name) }, title);
    const shown = panel(title.toLowerCase(), read, (value) => {
      if (toneOf) replace(link, icon(toneOf(value)), " ", title);
      return view(value);
    });
    return { name, title, panel: shown, link };
  };
  const sections = [
    section(
      "drift",
      "Drift",
      reads.drift,
      (data) => driftSection(data, reads, first.query),
      (data) => tone(data?.latest.verdict),
    ),
    section("quality", "Data quality", reads.quality, qualitySection, qualityTone),
    section(
      "bias",
      "Fairness",
      reads.bias,
      (reports) => biasSection(reports, first.query["outcome"] ?? null),
      (reports) => worst(reports.map((report) => report.verdict)),
    ),
    section("compliance", "Compliance", reads.compliance, complianceSection, (frameworks) =>
      tone(STATES.find((state) => frameworks.some((one) => (one.counts?.[state] ?? 0) > 0))),
    ),
    section(
      "alerts",
      "Alerts",
      reads.alerts,
      (alerts) => alertsSection(app, alerts, () => void load()),
      (alerts) => worst(alerts.map((alert) => (alert.state === "resolved" ? "resolved" : alert.severity))),
    ),
    section("activity", "Activity", reads.activity, activitySection),
  ];
  const nav = h(
    "nav",
    { class: "sections", "aria-label": "Sections of this page" },
    sections.map((one) => one.link),
  );
  replace(page, top.element, nav, sections.map(card));
  const load = async (): Promise<void> => {
    await Promise.all([top.load(), ...sections.map((one) => one.panel.load())]);
  };
  let arrived = false;
  return {
    title: id,
    element: page,
    load: async () => {
      await load();
      if (!arrived && first.query["section"]) show(first.query["section"], false);
      arrived = true;
    },
    follow: (route) => {
      // Another section of the page that is shown; a chosen feature or outcome needs the page anew.
      const { section: wanted, ...rest } = route.query;
      if (!wanted || Object.keys(rest).length > 0) return false;
      show(wanted, true);
      return true;
    },
  };
}

function card({ name, title, panel: shown }: Section): HTMLElement {
  const id = `title-${name}`;
  return h(
    "section",
    { class: "card", id: `section-${name}`, "aria-labelledby": id },
    h("h2", { id, tabindex: -1 }, title),
    shown.element,
  );
}

/** A model that does not exist is one message, not one for each section. */
function orNotFound(read: () => Promise<ModelPage>, page: HTMLElement): () => Promise<ModelPage> {
  return async () => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) {
        replace(
          page,
          h("h1", {}, "There is no such model"),
          h("p", {}, error.message, " ", h("a", { href: "#/" }, "Go to the overview")),
        );
      }
      throw error;
    }
  };
}

function tone(state: string | null | undefined): Tone {
  return word(state).tone;
}

function worst(states: readonly string[]): Tone {
  const [first] = states.map(tone).sort((one, other) => urgency(one) - urgency(other));
  return first ?? "off";
}

function jump(event: Event, href: string, name: string): void {
  event.preventDefault();
  history.replaceState(null, "", href);
  show(name, true);
}

function show(name: string, focus: boolean): void {
  document.getElementById(`section-${name}`)?.scrollIntoView();
  if (focus) document.getElementById(`title-${name}`)?.focus({ preventScroll: true });
}

function alertsSection(app: App, alerts: readonly Alert[], reload: () => void): Child {
  if (alerts.length === 0) return empty("No alert has been raised for this model.");
  return h(
    "ul",
    { class: "troubles" },
    grouped(alerts).map((group) => trouble(group, { named: false, actions: acknowledge(app, reload) })),
  );
}
