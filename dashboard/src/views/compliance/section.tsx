/** Compliance of a model: what can be done now, counts by state, and each framework. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { FrameworkStatus } from "../../api/types";
import { type ChangeRoute, useApp, useMay } from "../../app";
import { Select } from "../../components/filters";
import { Empty, Panel } from "../../components/panel";
import { Icon, Tally } from "../../components/state";
import { useChoices } from "../../router";
import { strings } from "../../strings";
import { Framework } from "./framework";
import { AnswerQuestionnaire, QuestionnaireName } from "./questionnaire";
import { Due } from "./signed";
import { STATES } from "./states";

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
