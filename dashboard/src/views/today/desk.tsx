/** What waits for a person, whatever the checks say: approvals, signatures, dates of the law, remedies that were promised. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { LegalDate, Remediation, Standing, WaitingRequest } from "../../api/types";
import { useApp } from "../../app";
import { OnlyFirst, Panel } from "../../components/panel";
import { Time, useNow } from "../../components/time";
import { day, list } from "../../format";
import { address } from "../../router";
import { strings } from "../../strings";
import { signing } from "../../strings/signing";
import { frameworkName } from "../../words";
import { DueLine, Sign, soonestFirst } from "../compliance/sign";
import { Vote } from "../versions/vote";

const text = strings.desk;
const SHOWN = 4;
const DATES = 3;
/** Two years hold every date that the laws name. */
const DAYS = 730;

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
          <Signatures />
        </div>
        <div className="stack">
          <h3>{text.dates}</h3>
          <Dates />
        </div>
        <div className="stack">
          <h3>{text.remediations}</h3>
          <Remedies rows={rows} />
        </div>
      </div>
    </section>
  );
}

function namesOf(rows: readonly Standing[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [row.model.id, row.model.name]));
}

/** Those that wait for one's own vote, to be decided here; then how many wait for others. */
function Approvals(): ReactNode {
  const waiting = useQuery(useApp().reads.waiting());
  return (
    <Panel what="the requests" of={waiting} lines={2}>
      {(found) => {
        const requests = found.all;
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
            <OnlyFirst of={found} />
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
      <div>
        <Vote request={one.request} roles={one.vote_as} name={one.model_name} />
      </div>
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

/** Those of one's own roles, to be signed here. */
function Signatures(): ReactNode {
  const { groups } = useApp().session.person;
  const due = useQuery({ ...useApp().reads.signatures("mine"), enabled: groups.length > 0 });
  return (
    <Panel what="the signatures" of={due} lines={2}>
      {(found) => {
        if (found.length === 0) return <p className="quiet">{signing.none}</p>;
        return (
          <>
            <ul className="stack">
              {[...found]
                .sort(soonestFirst)
                .slice(0, SHOWN)
                .map((one) => (
                  <DueLine key={`${one.model_id} ${one.topic} ${one.role}`} due={one}>
                    <Sign due={one} />
                  </DueLine>
                ))}
            </ul>
            {found.length > SHOWN ? (
              <p className="quiet">
                <a href={address(["compliance"], { view: "signatures" })}>{signing.more(found.length - SHOWN)}</a>
              </p>
            ) : null}
          </>
        );
      }}
    </Panel>
  );
}

function Dates(): ReactNode {
  const dates = useQuery(useApp().reads.dates(DAYS));
  return (
    <Panel what="the legal dates" of={dates} lines={3}>
      {(found) => {
        const next = byDate(found.dates.filter((one) => one.kind === "applies")).slice(0, DATES);
        if (next.length === 0) return <p className="quiet">{text.noDates}</p>;
        return (
          <>
            <ul className="stack tight">
              {next.map(([on, of]) => (
                <li key={on}>
                  <b className="nowrap">{day(on)}</b>
                  {` ${list([...new Set(of.map((one) => frameworkName(one.framework_id)))])}: `}
                  <span className="quiet">
                    {text.begin(
                      new Set(of.flatMap((one) => one.requirements.map((id) => `${one.framework_id} ${id}`))).size,
                      new Set(of.map((one) => one.model_id)).size,
                    )}
                  </span>
                </li>
              ))}
            </ul>
            <p className="quiet">
              {found.more ? `${text.firstModels} ` : ""}
              <a href={address(["compliance"], { view: "dates" })}>{text.all}</a>
            </p>
          </>
        );
      }}
    </Panel>
  );
}

export function byDate(dates: readonly LegalDate[]): [string, LegalDate[]][] {
  const found = new Map<string, LegalDate[]>();
  for (const one of dates) {
    const on = one.on.slice(0, 10);
    found.set(on, [...(found.get(on) ?? []), one]);
  }
  return [...found].sort(([one], [other]) => one.localeCompare(other));
}

function Remedies({ rows }: Given): ReactNode {
  const remediations = useQuery(useApp().reads.remediations());
  return (
    <Panel what="the remedies" of={remediations} lines={2}>
      {(found) => (
        <>
          <Promised remediations={found.all.filter((one) => one.status !== "closed")} rows={rows} />
          <OnlyFirst of={found} />
        </>
      )}
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
