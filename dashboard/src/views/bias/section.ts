/** Fairness: for each outcome and protected attribute, every group with its number, its uncertainty and a verdict. */

import type { AttributeBias, BiasReport } from "../../api/reads";
import { intakeLine } from "../../components/intake";
import { empty } from "../../components/panel";
import { badge, stateBadge } from "../../components/state";
import { since, windowName } from "../../components/time";
import { type Child, freshId, h, replace } from "../../dom";
import { count, percent, sentenceCase, words } from "../../format";
import { replaceQuery } from "../../router";
import { OUTCOMES, type Word, word } from "../../words";
import { forest } from "./forest";
import { hints } from "./hints";

/** `outcome` from the address chooses the tab; otherwise the worst verdict is shown, of equal ones what the model does. */
export function biasSection(reports: readonly BiasReport[], outcome: string | null): Child {
  if (reports.length === 0) {
    return empty(
      "Fairness was not examined yet.",
      "It is examined once a complete window of captured traffic is available and the model's fairness policy names an outcome and at least one protected attribute.",
    );
  }
  const chosen = reports.find((report) => report.outcome === outcome) ?? worst(reports);
  return reports.length === 1 ? reportView(reports[0] as BiasReport) : tabs(reports, chosen);
}

/** Findings of both kinds are equal here: the API puts what the model does before what is on record. */
const RANKS: Readonly<Record<string, number>> = {
  adverse_impact_indicated: 0,
  disparity_indicated: 0,
  inconclusive: 1,
  difference_under_threshold: 2,
  no_indication: 3,
  not_assessable: 4,
};

function worst(reports: readonly BiasReport[]): BiasReport {
  const rank = (report: BiasReport): number => RANKS[report.verdict] ?? 0;
  return [...reports].sort((one, other) => rank(one) - rank(other))[0] as BiasReport;
}

function tabs(reports: readonly BiasReport[], first: BiasReport): HTMLElement {
  const panelId = freshId("outcome");
  const panel = h("div", { class: "panel", id: panelId, role: "tabpanel", tabindex: 0 });
  const buttons = reports.map((report) =>
    h(
      "button",
      { type: "button", role: "tab", id: freshId("tab"), "aria-controls": panelId, onClick: () => choose(report) },
      OUTCOMES[report.outcome]?.name ?? report.outcome,
    ),
  );
  const list = h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "Outcome", onKeydown: (event) => move(event as KeyboardEvent) },
    buttons,
  );
  const select = (report: BiasReport): void => {
    buttons.forEach((button, index) => {
      const here = reports[index] === report;
      button.setAttribute("aria-selected", String(here));
      button.tabIndex = here ? 0 : -1;
      if (here) panel.setAttribute("aria-labelledby", button.id);
    });
    replace(panel, reportView(report));
  };
  const choose = (report: BiasReport): void => {
    replaceQuery({ outcome: report.outcome });
    select(report);
  };
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const at = buttons.findIndex((button) => button.getAttribute("aria-selected") === "true");
    const next = (at + step + buttons.length) % buttons.length;
    buttons[next]?.click();
    buttons[next]?.focus();
  };
  select(first);
  return h("div", { class: "panel" }, list, panel);
}

function reportView(report: BiasReport): Child {
  const attributes = Object.entries(report.attributes ?? {});
  const crossed = Object.entries(report.intersections ?? {});
  return [
    h(
      "div",
      { class: "stack" },
      h("p", {}, stateBadge(report.verdict), " ", h("span", { class: "quiet" }, about(report))),
      h("p", {}, sentenceCase(report.reason)),
      rows(report),
      intakeLine(report.intake),
      [...unsaid(report), ...(report.warnings ?? [])].map((warning) =>
        h("div", { class: "notice warn" }, h("p", {}, warning)),
      ),
    ),
    attributes.length === 0
      ? empty("No protected attribute was examined.", report.reason)
      : attributes.map(([name, attribute]) => attributeView(name, attribute, report)),
    crossed.length === 0
      ? null
      : h(
          "details",
          {},
          h("summary", {}, `Combinations of attributes (${crossed.length})`),
          h(
            "div",
            { class: "panel" },
            crossed.map(([name, attribute]) => attributeView(name, attribute, report)),
          ),
        ),
  ];
}

/** What was asked for and could not be judged, where the reason does not say it already. */
function unsaid(report: BiasReport): string[] {
  return (report.unjudged ?? []).filter((one) => !report.reason.includes(one)).map((one) => `Not judged: ${one}`);
}

function about(report: BiasReport): Child {
  const outcome = OUTCOMES[report.outcome];
  const favourable = (report.favourable ?? []).join(" or ");
  const labels = (report.favourable_label ?? []).join(" or ");
  return [
    `Outcome: ${outcome ? outcome.what : report.outcome}`,
    report.column ? ` (column ${report.column})` : "",
    favourable ? `; favourable: ${favourable}` : "",
    labels && labels !== favourable ? `; favourable label: ${labels}` : "",
    report.window ? [". Window: ", windowName(report.window)] : null,
    ". Examined ",
    since(report.checked_at),
    ".",
  ];
}

function rows(report: BiasReport): HTMLElement {
  const { read, used, without_outcome, labelled, label_coverage } = report.rows;
  const labels = label_coverage === null ? "" : ` ${count(labelled)} have a label (${percent(label_coverage)}).`;
  return h(
    "p",
    { class: "quiet" },
    `${count(read)} rows read = ${count(used)} used + ${count(without_outcome)} without an outcome.${labels}`,
  );
}

/** The wording of the four-fifths rule's combined answer. */
const MEANINGS: Readonly<Record<string, string>> = {
  adverse_impact_indicated: "The ratio of selection rates is beyond the threshold, and beyond chance.",
  disparity_indicated: "A measure other than the ratio is beyond its threshold, and beyond chance.",
  inconclusive: "The numbers are too small to tell.",
  difference_under_threshold: "Beyond chance, but within the threshold: worth a review.",
  no_indication: "Within the threshold, uncertainty included.",
  not_assessable: "It could not be judged.",
};

function attributeView(name: string, attribute: AttributeBias, report: BiasReport): HTMLElement {
  const verdict: Word = word(attribute.verdict);
  const id = freshId("attribute");
  const worstOff = attribute.worst_off;
  return h(
    "div",
    { class: "stack", role: "group", "aria-labelledby": id },
    h("div", { class: "card-head" }, h("h3", { id }, words(name)), badge(verdict)),
    h(
      "p",
      {},
      h("b", {}, `${MEANINGS[attribute.verdict] ?? ""} `),
      toldByGroup(attribute) ? "" : sentenceCase(attribute.reason).replace(/\.?$/, "."),
      worstOff ? ` Worst off: ${worstOff.group}, compared with ${worstOff.compared_with}.` : "",
    ),
    attribute.caveat ? h("p", { class: "quiet" }, attribute.caveat) : null,
    forest(name, attribute, threshold(attribute, report)),
    hints(
      (report.hints ?? []).filter(
        (hint) => attribute.attributes.length === 1 && attribute.attributes[0] === hint.attribute,
      ),
    ),
  );
}

/** Whether the reason of a group, in the table below, already says what the attribute's reason says. */
function toldByGroup({ reason, groups }: AttributeBias): boolean {
  return Object.entries(groups).some(([name, group]) => reason === `${name}: ${group.reason}`);
}

function threshold(attribute: AttributeBias, report: BiasReport): number | null {
  for (const group of Object.values(attribute.groups)) {
    const judged = group.judgements?.["disparate_impact"];
    if (judged) return judged.threshold;
  }
  const rules = report.policy.fairness_metrics ?? [];
  return rules.find((rule) => rule.metric === "disparate_impact")?.threshold ?? null;
}
