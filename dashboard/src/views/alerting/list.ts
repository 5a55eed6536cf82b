/** All alerts, filtered by state, severity and concern; the filter is part of the address. */

import { SessionOverError } from "../../api/client";
import type { Alert } from "../../api/reads";
import type { App, View } from "../../app";
import { empty, panel } from "../../components/panel";
import { type Child, h, replace } from "../../dom";
import { counts, sentenceCase } from "../../format";
import { parseRoute, type Route, replaceQuery } from "../../router";
import { concern, word } from "../../words";
import { byUrgency, SEVERITIES, trouble } from "./trouble";

interface Filter {
  readonly state: string;
  readonly severity: string;
  readonly concern: string;
  readonly model: string;
}

const EVERYTHING = "all";
/** What is asked for when the address says nothing: everything that is not over. */
const UNRESOLVED = "unresolved";

function filterOf(route: Route): Filter {
  const { state = UNRESOLVED, severity = EVERYTHING, concern = EVERYTHING, model = EVERYTHING } = route.query;
  return { state, severity, concern, model };
}

export function alertsView(app: App, first: Route): View {
  let filter = filterOf(first);
  const result = h("div", { class: "panel" });
  const body = panel("the alerts", app.reads.alerts, (alerts) => {
    const update = (change: Partial<Filter>): void => {
      filter = { ...filter, ...change };
      replaceQuery({ ...filter, state: filter.state === UNRESOLVED ? null : filter.state, ...withoutAll(filter) });
      replace(
        result,
        list(app, alerts, filter, () => void body.load()),
      );
    };
    replace(
      result,
      list(app, alerts, filter, () => void body.load()),
    );
    return [filters(alerts, filter, update), result];
  });
  return {
    title: "Alerts",
    element: h("div", { class: "panel" }, h("div", { class: "lead" }, h("h1", {}, "Alerts")), body.element),
    load: body.load,
    follow: () => {
      const wanted = filterOf(parseRoute(location.hash));
      return JSON.stringify(wanted) === JSON.stringify(filter);
    },
  };
}

function withoutAll(filter: Filter): Record<string, string | null> {
  const entries = Object.entries(filter).filter(([name]) => name !== "state");
  return Object.fromEntries(entries.map(([name, value]) => [name, value === EVERYTHING ? null : value]));
}

function filters(alerts: readonly Alert[], filter: Filter, update: (change: Partial<Filter>) => void): HTMLElement {
  const models = new Map(alerts.map((alert) => [alert.model_id, alert.model_name]));
  const concerns = [...new Set(alerts.map((alert) => alert.concern))];
  return h(
    "form",
    { class: "filters", "aria-label": "Filter alerts", onSubmit: (event) => event.preventDefault() },
    select("State", "state", filter.state, update, [
      [UNRESOLVED, "Not resolved"],
      ["open", "Open"],
      ["acknowledged", "Acknowledged"],
      ["resolved", "Resolved"],
      [EVERYTHING, "All"],
    ]),
    select("Severity", "severity", filter.severity, update, [
      [EVERYTHING, "All"],
      ...SEVERITIES.filter((name) => name !== "none").map((name): [string, string] => [
        name,
        sentenceCase(word(name).text),
      ]),
    ]),
    select("Concern", "concern", filter.concern, update, [
      [EVERYTHING, "All"],
      ...concerns.map((name): [string, string] => [name, concern(name)]),
    ]),
    select("Model", "model", filter.model, update, [[EVERYTHING, "All"], ...models]),
  );
}

function select(
  label: string,
  name: keyof Filter,
  value: string,
  update: (change: Partial<Filter>) => void,
  options: readonly (readonly [string, string])[],
): HTMLElement {
  const known = options.some(([option]) => option === value) ? options : [...options, [value, value] as const];
  const element = h(
    "select",
    { name, onChange: () => update({ [name]: element.value }) },
    known.map(([option, text]) => h("option", { value: option, selected: option === value }, text)),
  );
  return h("label", {}, label, element);
}

function matches(alert: Alert, filter: Filter): boolean {
  const state =
    filter.state === EVERYTHING ||
    alert.state === filter.state ||
    (filter.state === UNRESOLVED && alert.state !== "resolved");
  const fits = (wanted: string, found: string): boolean => wanted === EVERYTHING || wanted === found;
  return (
    state &&
    fits(filter.severity, alert.severity) &&
    fits(filter.concern, alert.concern) &&
    fits(filter.model, alert.model_id)
  );
}

function list(app: App, alerts: readonly Alert[], filter: Filter, reload: () => void): Child {
  const shown = alerts.filter((alert) => matches(alert, filter)).sort(byUrgency);
  return [
    h("p", { class: "quiet", role: "status" }, `${counts(shown.length, "alert")} of ${alerts.length}`),
    shown.length === 0
      ? empty(
          "No alert matches.",
          alerts.length
            ? "Choose other filters to see the others."
            : "Alerts appear here when a check finds something.",
        )
      : h(
          "ul",
          { class: "troubles" },
          shown.map((alert) => trouble([alert], { named: true, level: "h2", actions: acknowledge(app, reload) })),
        ),
  ];
}

/** Saying "I have seen it": the API decides who may; the trouble stays until the data are well again. */
export function acknowledge(app: App, reload: () => void): (alert: Alert) => Child {
  return (alert) => {
    if (alert.state !== "open") return null;
    const problem = h("span", { role: "alert" });
    const send = async (): Promise<void> => {
      button.disabled = true;
      try {
        await app.reads.acknowledge(alert.id);
        reload();
      } catch (error) {
        if (error instanceof SessionOverError) throw error;
        button.disabled = false;
        problem.textContent = error instanceof Error ? error.message : "That did not work.";
      }
    };
    const button = h("button", { type: "button", onClick: () => void send() }, "Acknowledge");
    return [button, problem];
  };
}
