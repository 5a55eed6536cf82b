/** One model: what is wrong in one sentence, then every concern in its section. */

import type { Alert, Model, ModelPage } from "../../api/reads";
import type { App, View } from "../../app";
import { empty, type Panel, panel } from "../../components/panel";
import { badge } from "../../components/state";
import { since, windowName } from "../../components/time";
import { type Child, h } from "../../dom";
import { counts, measure, setting, span, words } from "../../format";
import { address, type Route } from "../../router";
import { cloud, measureName } from "../../words";
import { acknowledge } from "../alerting/list";
import { byUrgency, trouble } from "../alerting/trouble";
import { activitySection } from "../audit/section";
import { biasSection } from "../bias/section";
import { complianceSection } from "../compliance/section";
import { driftSection } from "../drift/section";
import { qualitySection } from "../quality/section";

const SECTIONS: readonly (readonly [string, string])[] = [
  ["drift", "Drift"],
  ["quality", "Data quality"],
  ["bias", "Fairness"],
  ["compliance", "Compliance"],
  ["alerts", "Alerts"],
  ["activity", "Activity"],
];

export function modelView(app: App, id: string, first: Route): View {
  const reads = app.reads.model(id);
  const top = panel("this model", reads.summary, (page) => header(page));
  const sections: Record<string, Panel> = {
    drift: panel("drift", reads.drift, (data) => driftSection(data, reads, first.query)),
    quality: panel("data quality", reads.quality, qualitySection),
    bias: panel("fairness", reads.bias, (reports) => biasSection(reports, first.query["outcome"] ?? null)),
    compliance: panel("compliance", reads.compliance, complianceSection),
    alerts: panel("the alerts of this model", reads.alerts, (alerts) => alertsSection(app, alerts, () => void load())),
    activity: panel("the activity of this model", reads.activity, activitySection),
  };
  const cards = SECTIONS.map(([name, title]) =>
    h(
      "section",
      { class: "card", id: `section-${name}`, "aria-labelledby": `title-${name}` },
      h("h2", { id: `title-${name}`, tabindex: -1 }, title),
      sections[name]?.element,
    ),
  );
  const nav = h(
    "nav",
    { class: "sections", "aria-label": "Sections of this page" },
    SECTIONS.map(([name, title]) =>
      h("a", { href: address(["models", id], { section: name }), onClick: (event) => jump(event, name) }, title),
    ),
  );
  const load = async (): Promise<void> => {
    await Promise.all([top.load(), ...Object.values(sections).map((section) => section.load())]);
  };
  let arrived = false;
  return {
    title: id,
    element: h("div", { class: "panel model" }, top.element, nav, cards),
    load: async () => {
      await load();
      if (!arrived && first.query["section"]) show(first.query["section"], false);
      arrived = true;
    },
    follow: (route) => {
      // Another section of the page that is shown; a chosen feature or outcome needs the page anew.
      const { section, ...rest } = route.query;
      if (!section || Object.keys(rest).length > 0) return false;
      show(section, true);
      return true;
    },
  };
}

function jump(event: Event, name: string): void {
  event.preventDefault();
  const here = location.hash.split("?")[0] ?? "";
  history.replaceState(null, "", `${here}?section=${name}`);
  show(name, true);
}

function show(name: string, focus: boolean): void {
  document.getElementById(`section-${name}`)?.scrollIntoView();
  if (focus) document.getElementById(`title-${name}`)?.focus({ preventScroll: true });
}

function header(page: ModelPage): Child {
  const { model } = page;
  const open = page.alerts.filter((alert) => alert.state !== "resolved").sort(byUrgency);
  document.title = `${model.name} – Syndic`;
  return [
    presence(model),
    h(
      "div",
      { class: "lead" },
      h("p", { class: "quiet" }, h("a", { href: "#/" }, "Overview"), " / Model"),
      h("h1", {}, model.name),
      h("p", { class: `headline ${open.length ? "bad" : "good"}` }, headline(open, page.checkedAt)),
      open.length ? h("p", { class: "todo" }, h("b", {}, "What to do: "), open[0]?.remedy) : null,
    ),
    facts(page),
  ];
}

export function headline(open: readonly Alert[], checkedAt: string | null): string {
  const [worst, ...others] = open;
  if (!worst) return checkedAt ? "No check has an open finding on this model." : "This model has not been checked yet.";
  const number =
    worst.value === null
      ? ""
      : ` (${measureName(worst.measure)} ${measure(worst.value)}${worst.threshold === null ? "" : `, threshold ${setting(worst.threshold)}`})`;
  const window = worst.windows?.[0];
  const from = window ? ` Since ${span(window)}.` : "";
  const more = others.length ? ` ${counts(others.length, "other finding is", "other findings are")} open.` : "";
  return `${worst.title.replace(/\.$/, "")}${number}.${from}${more}`;
}

function presence(model: Model): Child {
  if (model.presence === "gone") {
    return h(
      "div",
      { class: "notice off" },
      h(
        "p",
        {},
        h("b", {}, "The endpoint is gone. "),
        "Its source was listed completely and it was not there. What is shown below is history.",
      ),
    );
  }
  if (model.presence === "unknown") {
    return h(
      "div",
      { class: "notice warn" },
      h(
        "p",
        {},
        h("b", {}, "Source unavailable. "),
        "Whether this endpoint still exists could not be read. What is shown below is as of the last check.",
      ),
    );
  }
  return null;
}

function facts(page: ModelPage): HTMLElement {
  const { model, checkedAt, newest } = page;
  const capture = model.endpoint?.capture;
  const fact = (name: string, value: Child): HTMLElement => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  return h(
    "dl",
    { class: "facts" },
    fact("Owner", model.owner ?? badge({ tone: "warn", text: "no owner: nobody is told" })),
    fact("Cloud", model.endpoint ? `${cloud(model.cloud)} · ${model.endpoint.scope}` : cloud(model.cloud)),
    fact("Endpoint", model.endpoint ? `${model.endpoint.name} (${words(model.endpoint.status)})` : "none"),
    fact("Judged by", `${model.window}`),
    fact("Capture", capture ? (capture.enabled ? `${capture.sampling_percent}% of traffic` : "off") : "not configured"),
    fact("Last check", checkedAt ? since(checkedAt) : "never"),
    fact(
      "Newest data",
      newest ? [windowName(newest), h("span", { class: "quiet" }, " · ended ", since(newest.end))] : "no data yet",
    ),
  );
}

function alertsSection(app: App, alerts: readonly Alert[], reload: () => void): Child {
  if (alerts.length === 0) return empty("No alert has been raised for this model.");
  return h(
    "ul",
    { class: "troubles" },
    [...alerts].sort(byUrgency).map((alert) => trouble(alert, { named: false, actions: acknowledge(app, reload) })),
  );
}
