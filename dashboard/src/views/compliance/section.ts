/** Compliance: counts by state for each framework, and every requirement with evidence, reason and remedy. */

import type { EvidenceRef, FrameworkStatus, Requirement } from "../../api/reads";
import { empty } from "../../components/panel";
import { stateBadge, tally } from "../../components/state";
import { since, time } from "../../components/time";
import { type Child, h } from "../../dom";
import { counts, words } from "../../format";

export const STATES = [
  "not_met",
  "insufficient_evidence",
  "expired",
  "attestation_due",
  "met",
  "not_yet_in_force",
  "not_applicable",
] as const;

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
    frameworks.map(framework),
  ];
}

function framework(status: FrameworkStatus): HTMLElement {
  const blocking = status.blocking ?? [];
  const open = status.requirements.filter((one) => !SETTLED.has(one.state));
  const settled = status.requirements.filter((one) => SETTLED.has(one.state));
  return h(
    "div",
    { class: "stack" },
    h(
      "div",
      { class: "card-head" },
      h("h3", {}, status.framework_title),
      h("span", { class: "quiet" }, `version ${status.framework_version}, evaluated `, since(status.evaluated_at)),
    ),
    tally(status.counts ?? {}, STATES),
    blocking.length
      ? h(
          "div",
          { class: "notice bad" },
          h("p", {}, h("b", {}, "Blocking: "), `${blocking.join(", ")} must be met first.`),
        )
      : null,
    open.length ? h("div", {}, byState(open).map(requirement)) : h("p", {}, "Nothing to do here now."),
    settled.length
      ? h(
          "details",
          {},
          h("summary", {}, `${counts(settled.length, "requirement")} met, not in force or not applicable`),
          h("div", {}, byState(settled).map(requirement)),
        )
      : null,
  );
}

function byState(requirements: readonly Requirement[]): Requirement[] {
  const rank = (one: Requirement): number => STATES.indexOf(one.state) * 2 - Number(one.blocking);
  return [...requirements].sort((one, other) => rank(one) - rank(other));
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
