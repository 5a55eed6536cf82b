/** Compliance: counts by state for each framework, and every requirement with evidence, reason and remedy. */

import type { EvidenceRef, FrameworkStatus, Requirement } from "../../api/reads";
import { empty } from "../../components/panel";
import { icon, stateBadge, tally } from "../../components/state";
import { since, time } from "../../components/time";
import { type Child, h } from "../../dom";
import { words } from "../../format";
import { word } from "../../words";

export const STATES = [
  "not_met",
  "insufficient_evidence",
  "expired",
  "attestation_due",
  "met",
  "not_yet_in_force",
  "not_applicable",
] as const;

type State = (typeof STATES)[number];

/** A compliance state asks something of a person unless it is one of these. */
const SETTLED = new Set<string>(["met", "not_applicable", "not_yet_in_force"]);

export function complianceSection(frameworks: readonly FrameworkStatus[]): Child {
  if (frameworks.length === 0) {
    return empty(
      "No framework was evaluated yet.",
      "Requirements are evaluated when evidence on the model arrives, and once a day.",
    );
  }
  return [
    h(
      "p",
      { class: "quiet" },
      "A state says what the evidence supports. It is no legal advice, and there is no overall score: one requirement that is not met is not made good by ten others.",
    ),
    screening(frameworks),
    tally(totals(frameworks), STATES),
    frameworks.map(framework),
  ];
}

/** What to answer first: the questionnaire that says of most requirements whether they apply. */
function screening(frameworks: readonly FrameworkStatus[]): Child {
  const found: Record<string, number> = {};
  for (const one of frameworks)
    for (const [kind, count] of Object.entries(one.screening ?? {})) found[kind] = (found[kind] ?? 0) + count;
  const first = Object.entries(found).sort(([, one], [, other]) => other - one);
  if (first.length === 0) return null;
  return h(
    "div",
    { class: "notice" },
    h("p", {}, h("b", {}, "Answer first")),
    h(
      "ul",
      {},
      first.map(([kind, count]) =>
        h(
          "li",
          {},
          `${words(kind.replace(/^classification\./, ""))}: says of ${count} requirements whether they apply`,
        ),
      ),
    ),
  );
}

function totals(frameworks: readonly FrameworkStatus[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const state of STATES) found[state] = frameworks.reduce((sum, one) => sum + (one.counts?.[state] ?? 0), 0);
  return found;
}

function framework(status: FrameworkStatus): HTMLElement {
  const blocking = status.blocking ?? [];
  const failing = status.requirements.filter((one) => one.state === "not_met");
  return h(
    "div",
    { class: "stack framework" },
    h(
      "div",
      { class: "card-head" },
      h("h3", {}, status.framework_title),
      h("span", { class: "quiet" }, `version ${status.framework_version}, evaluated `, since(status.evaluated_at)),
    ),
    blocking.length
      ? h(
          "div",
          { class: "notice bad" },
          h("p", {}, h("b", {}, "Blocking: "), `${blocking.join(", ")} must be met first.`),
        )
      : null,
    failing.length ? h("div", {}, blockingFirst(failing).map(requirement)) : null,
    STATES.filter((state) => state !== "not_met").map((state) => inState(status, state)),
  );
}

/** What is not met is in view; every other state is a line that opens. */
function inState(status: FrameworkStatus, state: State): Child {
  const found = status.requirements.filter((one) => one.state === state);
  if (found.length === 0) return null;
  const what = word(state);
  return h(
    "details",
    { class: "by-requirement" },
    h("summary", {}, icon(what.tone), " ", h("b", {}, found.length), ` ${what.text}`),
    h("div", {}, blockingFirst(found).map(requirement)),
  );
}

function blockingFirst(requirements: readonly Requirement[]): Requirement[] {
  return [...requirements].sort((one, other) => Number(other.blocking) - Number(one.blocking));
}

function requirement(one: Requirement): HTMLElement {
  return h(
    "details",
    { class: "requirement" },
    h(
      "summary",
      {},
      h("span", { class: "title" }, h("b", {}, one.requirement_id), ` ${one.title}`),
      stateBadge(one.state),
    ),
    h(
      "div",
      { class: "inside" },
      h("p", {}, one.reason),
      SETTLED.has(one.state) ? null : h("p", { class: "todo" }, h("b", {}, "What to do: "), one.remedy),
      one.deadline ? h("p", {}, h("b", {}, "Deadline: "), one.deadline) : null,
      parts(one),
      readings(one),
      h(
        "p",
        { class: "quiet" },
        `${one.legal_basis}. Source: ${one.source}, verified on ${one.verified_on}.`,
        one.applies_from ? ` Applies from ${one.applies_from}.` : "",
        one.changes_at ? [" Changes by itself on ", time(one.changes_at), "."] : null,
      ),
    ),
  );
}

function parts(one: Requirement): Child {
  const found = one.parts ?? [];
  if (found.length === 0) return null;
  return h(
    "ul",
    { class: "stack" },
    found.map((part) =>
      h(
        "li",
        {},
        stateBadge(part.state),
        " ",
        h("b", {}, `${part.part}: `),
        `${part.title}. `,
        h("span", { class: "quiet" }, part.reason),
        (part.evidence ?? []).length ? h("ul", {}, (part.evidence ?? []).map(evidence)) : null,
      ),
    ),
  );
}

function evidence(one: EvidenceRef): HTMLElement {
  return h(
    "li",
    { class: "evidence" },
    h("span", {}, `Evidence ${words(one.kind)}: ${one.summary} `),
    h(
      "span",
      { class: "quiet" },
      "Produced ",
      time(one.produced_at),
      one.stale ? ", too old to count" : one.expires_at ? [", good until ", time(one.expires_at)] : null,
      ". ",
      h("code", { title: `sha256 ${one.sha256}` }, `${one.source} · ${one.sha256.slice(0, 12)}`),
    ),
  );
}

function readings(one: Requirement): Child {
  const open = one.open_readings ?? [];
  if (open.length === 0) return null;
  return h(
    "div",
    { class: "notice unsure" },
    h(
      "div",
      {},
      h("p", {}, h("b", {}, "The law can be read in more than one way. "), "Ask counsel which holds for you."),
      h(
        "ul",
        {},
        open.map((reading) =>
          h(
            "li",
            {},
            `${reading.text}${reading.applies_from ? ` (from ${reading.applies_from})` : ""} – ${reading.source}`,
          ),
        ),
      ),
    ),
  );
}
