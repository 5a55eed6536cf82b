/** What waits for a person, whatever the checks say: approvals, signatures, dates of the law, remedies that were promised. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ModelDeadline, Remediation, Standing, WaitingRequest } from "../../api/types";
import { useApp } from "../../app";
import { Panel } from "../../components/panel";
import { Time, useNow } from "../../components/time";
import { counts, day, list } from "../../format";
import { address } from "../../router";
import { strings } from "../../strings";
import { frameworkName } from "../../words";
import { Vote } from "../versions/vote";

const text = strings.desk;
const SHOWN = 4;
const DATES = 3;
/** Two years hold every date that the laws name. */
const DAYS = 730;
/** The API tells dates model by model; one page asks for so many models. */
const MOST_MODELS = 10;

interface Given {
  readonly rows: readonly Standing[];
}

export function Desk({ rows }: Given): ReactNode {
  return (
    <section className="card" aria-labelledby="desk">
      <h2 id="desk">{text.title}</h2>
      <div className="desk">
        <div className="stack">
          <h3>{text.approvals}</h3>
          <Approvals />
        </div>
        <div className="stack">
          <h3>{text.signatures}</h3>
          <Signatures rows={rows} />
        </div>
        <div className="stack">
          <h3>{text.dates}</h3>
          <Dates rows={rows} />
        </div>
        <div className="stack">
          <h3>{text.remediations}</h3>
          <Remedies rows={rows} />
        </div>
      </div>
    </section>
  );
}

function asked(rows: readonly Standing[]): string[] {
  return rows.slice(0, MOST_MODELS).map((row) => row.model.id);
}

function namesOf(rows: readonly Standing[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [row.model.id, row.model.name]));
}

/** Those that wait for one's own vote, to be decided here; then how many wait for others. */
function Approvals(): ReactNode {
  const waiting = useQuery(useApp().reads.waiting());
  return (
    <Panel what="the requests" of={waiting} lines={2}>
      {({ requests }) => {
        const mine = requests.filter((one) => one.vote_as.length > 0);
        const others = requests.filter((one) => one.vote_as.length === 0);
        if (requests.length === 0) return <p className="quiet">{text.noApprovals}</p>;
        return (
          <>
            {mine.length ? (
              <ul className="stack">{mine.slice(0, SHOWN).map(toVote)}</ul>
            ) : (
              <p className="quiet">{text.noneMine}</p>
            )}
            {mine.length > SHOWN ? <p className="quiet">{text.more(mine.length - SHOWN)}</p> : null}
            {others.length ? (
              <details>
                <summary>{text.others(others.length)}</summary>
                <ul className="stack tight">
                  {others.map((one) => (
                    <li key={keyOf(one)}>{linkTo(one)}</li>
                  ))}
                </ul>
              </details>
            ) : null}
          </>
        );
      }}
    </Panel>
  );
}

const keyOf = ({ request }: WaitingRequest): string => `${request.model_id} ${request.id}`;

function toVote(one: WaitingRequest): ReactNode {
  return (
    <li key={keyOf(one)} className="stack tight">
      <span>
        {linkTo(one)}
        <span className="reason">
          {text.runsOut}
          <Time at={one.request.expires_at} />
        </span>
      </span>
      <Vote request={one.request} roles={one.vote_as} name={one.model_name} />
    </li>
  );
}

function linkTo({ model_name, request }: WaitingRequest): ReactNode {
  return (
    <a href={address(["models", request.model_id], { section: "versions", version: request.version })}>
      {text.version(model_name, request.version, request.target)}
    </a>
  );
}

function Signatures({ rows }: Given): ReactNode {
  const due = rows
    .map((row) => ({ row, number: row.requirements?.["attestation_due"] ?? 0 }))
    .filter(({ number }) => number > 0)
    .sort((one, other) => other.number - one.number);
  if (due.length === 0) return <p className="quiet">{text.noSignatures}</p>;
  return (
    <ul className="stack tight">
      {due.slice(0, SHOWN).map(({ row, number }) => (
        <li key={row.model.id}>
          <a href={address(["models", row.model.id], { section: "compliance" })}>{row.model.name}</a>
          {`: ${counts(number, "signature")}`}
        </li>
      ))}
      {due.length > SHOWN ? <li className="quiet">{text.more(due.length - SHOWN)}</li> : null}
    </ul>
  );
}

function Dates({ rows }: Given): ReactNode {
  const dates = useQuery(useApp().reads.dates(asked(rows), DAYS));
  return (
    <Panel what="the legal dates" of={dates} lines={3}>
      {(found) => {
        const next = byDate(found.filter((one) => one.kind === "applies")).slice(0, DATES);
        if (next.length === 0) return <p className="quiet">{text.noDates}</p>;
        return (
          <>
            <ul className="stack tight">
              {next.map(([on, of]) => (
                <li key={on}>
                  <b className="nowrap">{day(on)}</b>
                  {` ${list([...new Set(of.map((one) => frameworkName(one.framework_id)))])}: `}
                  <span className="quiet">{text.begin(new Set(of.map((one) => one.requirement_id)).size)}</span>
                </li>
              ))}
            </ul>
            <p className="quiet">
              {rows.length > MOST_MODELS ? `${text.firstModels(MOST_MODELS)} ` : ""}
              <a href={address(["compliance"], { view: "dates" })}>{text.all}</a>
            </p>
          </>
        );
      }}
    </Panel>
  );
}

export function byDate(deadlines: readonly ModelDeadline[]): [string, ModelDeadline[]][] {
  const found = new Map<string, ModelDeadline[]>();
  for (const one of deadlines) {
    const on = one.on.slice(0, 10);
    found.set(on, [...(found.get(on) ?? []), one]);
  }
  return [...found].sort(([one], [other]) => one.localeCompare(other));
}

function Remedies({ rows }: Given): ReactNode {
  const remediations = useQuery(useApp().reads.remediations());
  return (
    <Panel what="the remedies" of={remediations} lines={2}>
      {(found) => <Promised remediations={found.filter((one) => one.status !== "closed")} rows={rows} />}
    </Panel>
  );
}

function Promised({ remediations, rows }: Given & { remediations: readonly Remediation[] }): ReactNode {
  const today = new Date(useNow()).toISOString().slice(0, 10);
  if (remediations.length === 0) return <p className="quiet">{text.noRemediations}</p>;
  const names = namesOf(rows);
  return (
    <ul className="stack tight">
      {remediations.slice(0, SHOWN).map((one) => (
        <li key={one.id}>
          <a href={address(["models", one.model_id], { section: "compliance" })}>{one.title}</a>
          <span className="quiet">
            {` · ${names.get(one.model_id) ?? one.model_id} · ${one.owner} · `}
            {one.due < today ? <b className="late">{text.overdue(day(one.due))}</b> : text.due(day(one.due))}
          </span>
        </li>
      ))}
      {remediations.length > SHOWN ? <li className="quiet">{text.more(remediations.length - SHOWN)}</li> : null}
    </ul>
  );
}
