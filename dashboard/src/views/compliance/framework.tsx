/** A framework of a model: every requirement with evidence, reason and remedy, by state, and what the law leaves open. */

import type { ReactNode } from "react";
import type { EvidenceRef, FrameworkStatus, Remediation, Requirement } from "../../api/types";
import { Icon, StateBadge } from "../../components/state";
import { Since, Time } from "../../components/time";
import { list, words } from "../../format";
import { strings } from "../../strings";
import { word } from "../../words";
import { PromiseRemedy } from "./remedies";
import { SETTLED, STATES, type State } from "./states";

interface Context {
  readonly id: string;
  readonly status: FrameworkStatus;
  readonly promised: readonly Remediation[];
}

export function Framework(context: Context): ReactNode {
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
