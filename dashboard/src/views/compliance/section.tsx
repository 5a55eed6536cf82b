/** Compliance: counts by state for each framework, and every requirement with evidence, reason and remedy. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { EvidenceRef, FrameworkStatus, Remediation, Requirement } from "../../api/types";
import { type ChangeRoute, useApp, useMay } from "../../app";
import { Select } from "../../components/filters";
import { Empty, Panel } from "../../components/panel";
import { Icon, StateBadge, Tally } from "../../components/state";
import { Since, Time } from "../../components/time";
import { list, words } from "../../format";
import { useChoices } from "../../router";
import { strings } from "../../strings";
import { word } from "../../words";
import { AnswerQuestionnaire, QuestionnaireName } from "./questionnaire";
import { PromiseRemedy } from "./remedies";
import { Due } from "./signed";
import { SETTLED, STATES, type State } from "./states";

const ANSWER: ChangeRoute = "PUT /api/v1/models/{model_id}/classifications/{questionnaire}";

interface ComplianceProps {
  readonly id: string;
  readonly frameworks: readonly FrameworkStatus[];
}

/** `framework` in the address shows one alone. */
export function Compliance({ id, frameworks }: ComplianceProps): ReactNode {
  const [query, choose] = useChoices();
  const promised = useQuery(useApp().reads.model(id).remediations());
  if (frameworks.length === 0) {
    return (
      <Empty
        what="No framework was evaluated yet."
        hint="Requirements are evaluated when evidence on the model arrives, and once a day."
      />
    );
  }
  const shown = frameworks.filter((one) => !query["framework"] || one.framework_id === query["framework"]);
  return (
    <>
      <p className="quiet">
        A state says what the evidence supports. It is no legal advice, and there is no overall score: one requirement
        that is not met is not made good by ten others.
      </p>
      <WhatNow id={id} frameworks={frameworks} />
      <Tally counts={totals(shown)} order={STATES} />
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        <Select
          label={strings.compliance.framework}
          value={query["framework"] ?? ""}
          choose={(framework) => choose({ framework: framework || null })}
          options={[
            ["", strings.models.all],
            ...frameworks.map((one) => [one.framework_id, one.framework_title] as const),
          ]}
        />
      </form>
      {notAsked(shown)}
      {shown.filter(judged).map((one) => (
        <Framework key={one.framework_id} id={id} status={one} promised={promised.data ?? []} />
      ))}
    </>
  );
}

/** What this person can do now, what settles most first: questionnaires, then signatures. Promises stand at each requirement. */
function WhatNow({ id, frameworks }: ComplianceProps): ReactNode {
  const { reads } = useApp();
  const may = useMay();
  const mine = useQuery(reads.model(id).signatures("mine"));
  const all = useQuery(reads.model(id).signatures("all"));
  const questions = toAnswer(frameworks);
  const answers = may(ANSWER);
  const nothing = mine.data?.length === 0 && (questions.length === 0 || !answers);
  return (
    <div className="stack what-now">
      <h3>{strings.compliance.whatNow}</h3>
      {nothing ? <p className="quiet">{strings.compliance.nothingNow}</p> : null}
      {questions.length ? (
        <ul className="checks">
          {questions.map(([questionnaire, count]) => (
            <li key={questionnaire}>
              <Icon tone="unsure" />
              <p>
                <b>
                  <QuestionnaireName of={questionnaire} />
                </b>
                {`: ${strings.compliance.settles(count)}`}
              </p>
              <AnswerQuestionnaire id={id} questionnaire={questionnaire} />
            </li>
          ))}
        </ul>
      ) : null}
      <Panel what="the signatures that are due" of={all} lines={2}>
        {(everybodys) =>
          everybodys.length ? (
            <Panel what="your signatures" of={mine} lines={2}>
              {(own) => <Due mine={own} all={everybodys} />}
            </Panel>
          ) : null
        }
      </Panel>
    </div>
  );
}

/** Questionnaires by how many requirements wait to hear from them whether they apply. */
function toAnswer(frameworks: readonly FrameworkStatus[]): [string, number][] {
  const found: Record<string, number> = {};
  for (const one of frameworks)
    for (const [kind, count] of Object.entries(one.screening ?? {})) {
      const questionnaire = kind.replace(/^classification\./, "");
      found[questionnaire] = (found[questionnaire] ?? 0) + count;
    }
  return Object.entries(found).sort(([, one], [, other]) => other - one);
}

/** A framework's own questions say whether it is about the model; where they do not, nothing of it was judged. */
function judged(one: FrameworkStatus): boolean {
  return !one.scope || one.scope.applies === true;
}

function notAsked(frameworks: readonly FrameworkStatus[]): ReactNode {
  const found = frameworks.filter((one) => !judged(one));
  if (found.length === 0) return null;
  return (
    <details className="by-requirement">
      <summary>
        <Icon tone="unsure" /> <b>{found.length}</b>
        {` ${strings.compliance.notAsked}`}
      </summary>
      <ul className="checks">
        {found.map((one) => (
          <li key={one.framework_id}>
            <p>
              <b>{one.framework_title}</b>
              {`: ${one.scope?.applies === false ? one.scope.reason : strings.compliance.scopeUnknown}`}
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}

function totals(frameworks: readonly FrameworkStatus[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const state of STATES) found[state] = frameworks.reduce((sum, one) => sum + (one.counts?.[state] ?? 0), 0);
  return found;
}

interface Context {
  readonly id: string;
  readonly status: FrameworkStatus;
  readonly promised: readonly Remediation[];
}

function Framework(context: Context): ReactNode {
  const { status } = context;
  const blocking = status.blocking ?? [];
  const failing = status.requirements.filter((one) => one.state === "not_met");
  return (
    <div className="stack framework">
      <div className="card-head">
        <h3>{status.framework_title}</h3>
        <span className="quiet">
          {`version ${status.framework_version}, evaluated `}
          <Since at={status.evaluated_at} />
        </span>
      </div>
      {blocking.length ? (
        <div className="notice bad">
          <p>
            <b>{"Blocking: "}</b>
            {`${blocking.join(", ")} must be met first.`}
          </p>
        </div>
      ) : null}
      {failing.length ? <div>{blockingFirst(failing).map((one) => requirement(one, context))}</div> : null}
      {STATES.filter((state) => state !== "not_met").map((state) => inState(context, state))}
      {readings(status)}
    </div>
  );
}

/** What is not met is in view; every other state is a line that opens. */
function inState(context: Context, state: State): ReactNode {
  const found = context.status.requirements.filter((one) => one.state === state);
  if (found.length === 0) return null;
  const what = word(state);
  return (
    <details className="by-requirement" key={state}>
      <summary>
        <Icon tone={what.tone} /> <b>{found.length}</b>
        {` ${what.text}`}
      </summary>
      <div>{blockingFirst(found).map((one) => requirement(one, context))}</div>
    </details>
  );
}

function blockingFirst(requirements: readonly Requirement[]): Requirement[] {
  return [...requirements].sort((one, other) => Number(other.blocking) - Number(one.blocking));
}

function requirement(one: Requirement, { id, status, promised }: Context): ReactNode {
  return (
    <details className="requirement" key={one.requirement_id}>
      <summary>
        <span className="title">
          <b>{one.requirement_id}</b>
          {` ${one.title}`}
        </span>
        <StateBadge name={one.state} />
      </summary>
      <div className="inside">
        <p>{one.reason}</p>
        {SETTLED.has(one.state) ? null : (
          <p className="todo">
            <b>{"What to do: "}</b>
            {one.remedy}
          </p>
        )}
        {one.deadline ? (
          <p>
            <b>{"Deadline: "}</b>
            {one.deadline}
          </p>
        ) : null}
        {parts(one)}
        {SETTLED.has(one.state) ? null : (
          <PromiseRemedy id={id} requirement={one} owner={status.owner} present={openFor(promised, one)} />
        )}
        <p className="quiet">
          {`${one.legal_basis}. Source: ${one.source}, verified on ${one.verified_on}.`}
          {one.applies_from ? ` Applies from ${one.applies_from}.` : ""}
          {one.changes_at ? (
            <>
              {" Changes by itself on "}
              <Time at={one.changes_at} />.
            </>
          ) : null}
        </p>
      </div>
    </details>
  );
}

function parts(one: Requirement): ReactNode {
  const found = one.parts ?? [];
  if (found.length === 0) return null;
  return (
    <ul className="stack">
      {found.map((part) => (
        <li key={`${part.part} ${part.title}`}>
          <StateBadge name={part.state} /> <b>{`${part.part}: `}</b>
          {`${part.title}. `}
          <span className="quiet">{part.reason}</span>
          {(part.evidence ?? []).length ? <ul>{(part.evidence ?? []).map(evidence)}</ul> : null}
        </li>
      ))}
    </ul>
  );
}

function evidence(one: EvidenceRef): ReactNode {
  return (
    <li className="evidence" key={one.sha256}>
      <span>{`Evidence ${words(one.kind)}: ${one.summary} `}</span>
      <span className="quiet">
        {"Produced "}
        <Time at={one.produced_at} />
        {one.stale ? (
          ", too old to count"
        ) : one.expires_at ? (
          <>
            {", good until "}
            <Time at={one.expires_at} />
          </>
        ) : null}
        {". "}
        <code title={`sha256 ${one.sha256}`}>{`${one.source} · ${one.sha256.slice(0, 12)}`}</code>
      </span>
    </li>
  );
}

function openFor(
  promised: readonly Remediation[],
  { framework_id, requirement_id }: Requirement,
): Remediation | undefined {
  return promised.find(
    (one) => one.framework_id === framework_id && one.requirement_id === requirement_id && one.status !== "closed",
  );
}

/** Open readings of the law, once for a framework and not in each line. */
function readings({ requirements }: FrameworkStatus): ReactNode {
  const open = requirements.filter((one) => (one.open_readings ?? []).length > 0);
  if (open.length === 0) return null;
  const texts = new Map<string, { readonly source: string; readonly of: string[] }>();
  for (const one of open)
    for (const reading of one.open_readings ?? []) {
      const said = `${reading.text}${reading.applies_from ? ` (from ${reading.applies_from})` : ""}`;
      const known = texts.get(said) ?? { source: reading.source, of: [] };
      known.of.push(one.requirement_id);
      texts.set(said, known);
    }
  return (
    <details>
      <summary>{strings.compliance.readingOf(open.length)}</summary>
      <div className="notice unsure">
        <div>
          <p>
            <b>{strings.compliance.readings}</b>
            {strings.compliance.counsel}
          </p>
          <ul className="stack tight">
            {[...texts].map(([said, { source, of }]) => (
              <li key={said}>
                <b>{list(of, 6)}</b>
                {`: ${said} – ${source}`}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </details>
  );
}
