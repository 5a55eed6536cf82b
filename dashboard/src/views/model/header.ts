/** The top of a model's page: one sentence on what is wrong, what to do, and the facts about the model. */

import type { Alert, Model, ModelPage } from "../../api/reads";
import { mirrored } from "../../components/mirrored";
import { badge } from "../../components/state";
import { since, windowName } from "../../components/time";
import { type Child, h } from "../../dom";
import { counts, measure, setting, span, words } from "../../format";
import { cloud, measureName, word } from "../../words";
import { byUrgency, outcomeName } from "../alerting/trouble";
import { unchecked } from "./unchecked";

export function header(page: ModelPage): Child {
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
      h(
        "p",
        { class: `headline ${open.length ? word(open[0]?.severity).tone : page.checkedAt ? "good" : "off"}` },
        headline(open, page.checkedAt, model),
      ),
      todo(open[0]?.remedy ?? (page.checkedAt ? null : unchecked(model).remedy)),
    ),
    facts(page),
  ];
}

function todo(remedy: string | null): Child {
  return remedy ? h("p", { class: "todo" }, h("b", {}, "What to do: "), remedy) : null;
}

export function headline(open: readonly Alert[], checkedAt: string | null, model: Model): string {
  const [worst, ...others] = open;
  if (!worst) {
    return checkedAt
      ? "No check has an open finding on this model."
      : `This model has not been checked yet: ${unchecked(model).because}.`;
  }
  const number =
    worst.value === null
      ? ""
      : ` (${measureName(worst.measure)} ${measure(worst.value)}${worst.threshold === null ? "" : `, threshold ${setting(worst.threshold)}`})`;
  const outcome = outcomeName(worst);
  const of = outcome ? ` Outcome: ${outcome}.` : "";
  const window = worst.windows?.[0];
  const from = window ? ` Since ${span(window)}.` : "";
  const more = others.length ? ` ${counts(others.length, "other finding is", "other findings are")} open.` : "";
  return `${worst.title.replace(/\.$/, "")}${number}.${of}${from}${more}`;
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
  const fact = (name: string, value: Child): HTMLElement => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  return h(
    "dl",
    { class: "facts" },
    fact("Owner", model.owner ?? badge({ tone: "warn", text: "no owner: nobody is told" })),
    fact("Cloud", model.endpoint ? `${cloud(model.cloud)} · ${model.endpoint.scope}` : cloud(model.cloud)),
    page.mirroredAt ? fact("Results", mirrored(page, {})) : null,
    fact("Endpoint", model.endpoint ? `${model.endpoint.name} (${words(model.endpoint.status)})` : "none"),
    fact("Checked by", model.window),
    fact("Captured traffic", captured(model)),
    fact("Last check", checkedAt ? since(checkedAt) : "never"),
    fact(
      "Newest data",
      newest ? [windowName(newest), h("span", { class: "quiet" }, " · ended ", since(newest.end))] : "no data yet",
    ),
  );
}

function captured(model: Model): Child {
  const capture = model.endpoint?.capture;
  if (capture?.enabled) return `${capture.sampling_percent}%`;
  return badge({ tone: "warn", text: capture ? "off: nothing new is checked" : "not set up: nothing is checked" });
}
