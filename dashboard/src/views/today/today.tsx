/** What needs attention now, how many models are in which state, and every model in one table. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Alert, Checked, Model, Overview, Standing } from "../../api/types";
import { useApp } from "../../app";
import { Unreached } from "../../components/mirrored";
import { Empty, Panel } from "../../components/panel";
import { Tally } from "../../components/state";
import { Since } from "../../components/time";
import { count, counts } from "../../format";
import { address } from "../../router";
import { useTitle } from "../../shell/title";
import { strings } from "../../strings";
import { acknowledge } from "../alerting/acknowledge";
import { Snooze } from "../alerting/actions";
import { byUrgency, Trouble } from "../alerting/trouble";
import { STATES as REQUIREMENT_STATES } from "../compliance/states";
import { unchecked } from "../model/unchecked";
import { Desk } from "./desk";
import { headline } from "./headline";
import { StandingTable } from "./table";

const TROUBLES_SHOWN = 6;

export function Today(): ReactNode {
  const { reads } = useApp();
  useTitle(strings.shell.today);
  const standings = useQuery(reads.overview());
  const alerts = useQuery(reads.alerts());
  return (
    <Panel what="the state of your models" of={standings} lines={8}>
      {(overview) => (
        <>
          {unavailable(overview)}
          <Unreached mirror={overview.mirror} />
          <Panel what="the alerts" of={alerts}>
            {({ all, more }) => <Governed overview={overview} alerts={all} more={more} />}
          </Panel>
        </>
      )}
    </Panel>
  );
}

interface GovernedProps {
  readonly overview: Overview;
  readonly alerts: readonly Alert[];
  /** There are others than these, which are the worst. */
  readonly more: boolean;
}

function Governed({ overview, alerts, more }: GovernedProps): ReactNode {
  const open = alerts.filter((alert) => alert.state !== "resolved");
  return (
    <>
      <div className="lead">
        <h1>{headline(overview, open)}</h1>
        {meta(overview)}
      </div>
      {more ? <p className="quiet">{strings.alerts.onlyWorst(count(alerts.length))}</p> : null}
      {overview.rows.length === 0 ? (
        <>
          {noModels()}
          {open.length ? attention(open, []) : null}
          <Desk rows={[]} />
        </>
      ) : (
        <>
          {attention(open, overview.rows)}
          <Desk rows={overview.rows} />
          {states(overview)}
          <StandingTable overview={overview} alerts={alerts} more={more} />
        </>
      )}
      {overview.more ? (
        <p className="quiet">
          {`Only the first ${overview.rows.length} models are shown. `}
          <a href={address(["models"])}>Find any of them</a>
        </p>
      ) : null}
    </>
  );
}

function meta(overview: Overview): ReactNode {
  const checked = overview.rows
    .map((row) => row.checkedAt)
    .filter((at) => at !== null)
    .sort()
    .at(-1);
  return checked ? (
    <p className="meta">
      <span>
        {"Last check "}
        <Since at={checked} />
      </span>
    </p>
  ) : null;
}

function unavailable(overview: Overview): ReactNode {
  return Object.entries(overview.unavailable).map(([source, reason]) => (
    <div className="notice warn" role="status" key={source}>
      <p>
        <b>{`${source} is unavailable. `}</b>
        {`Its models are shown as they were last seen; there may be others. Reason: ${reason}`}
      </p>
    </div>
  ));
}

function noModels(): ReactNode {
  return (
    <Empty
      what="Discovery has found no endpoint so far."
      hint="Every SageMaker and Azure ML endpoint that discovery may read is registered at its next run. Data capture must be on for its traffic to be checked."
    />
  );
}

/** The two things that are done about most troubles; the list of alerts has the others. */
function act(alert: Alert): ReactNode {
  return (
    <>
      {acknowledge(alert)}
      {alert.state === "open" ? <Snooze alert={alert} /> : null}
    </>
  );
}

function attention(open: readonly Alert[], rows: readonly Standing[]): ReactNode {
  const shown = [...open].sort(byUrgency).slice(0, TROUBLES_SHOWN);
  return (
    <section className="stack" aria-labelledby="attention">
      <h2 id="attention">What needs attention now</h2>
      {open.length === 0 ? (
        <Empty
          what="Nothing."
          hint="No check has an open finding. A model that could not be judged is marked in the table below; its page says why."
        />
      ) : (
        <ul className="troubles">
          {shown.map((alert) => (
            <Trouble key={alert.id} alert={alert} named actions={act} />
          ))}
        </ul>
      )}
      {open.length > shown.length ? (
        <p>
          <a href={address(["alerts"])}>{`All ${open.length} alerts that are not resolved`}</a>
        </p>
      ) : null}
      {neverChecked(rows.filter((row) => row.checkedAt === null).map((row) => row.model))}
    </section>
  );
}

/** A model that nobody looked at must not hide behind those that were. */
function neverChecked(models: readonly Model[]): ReactNode {
  if (models.length === 0) return null;
  const shown = models.slice(0, TROUBLES_SHOWN);
  const more = models.length - shown.length;
  return (
    <div className="notice off">
      <div>
        <p>
          <b>Not checked yet</b>
        </p>
        <ul className="stack">
          {shown.map((model) => {
            const { because, remedy } = unchecked(model);
            const name = <a href={address(["models", model.id])}>{model.name}</a>;
            return (
              <li key={model.id}>
                {name}
                {`: ${because}. ${remedy}`}
              </li>
            );
          })}
          {more > 0 ? <li>{`${counts(more, "model")} more in the table below.`}</li> : null}
        </ul>
      </div>
    </div>
  );
}

const VERDICTS = {
  drift: ["drift", "not_comparable", "not_enough_data", "no_drift"],
  quality: ["faults", "below_level", "issues", "not_comparable", "not_enough_data", "sound"],
  bias: [
    "adverse_impact_indicated",
    "disparity_indicated",
    "inconclusive",
    "difference_under_threshold",
    "not_assessable",
    "no_indication",
  ],
} as const;

function states(overview: Overview): ReactNode {
  const of = (concern: Checked): Record<string, number> => {
    const found: Record<string, number> = {};
    for (const row of overview.rows) {
      const state = row.checks[concern]?.state ?? "not_checked";
      found[state] = (found[state] ?? 0) + 1;
    }
    return found;
  };
  const requirements: Record<string, number> = {};
  for (const row of overview.rows) {
    for (const [state, number] of Object.entries(row.requirements ?? {})) {
      requirements[state] = (requirements[state] ?? 0) + number;
    }
  }
  return (
    <section className="card" aria-labelledby="states">
      <h2 id="states">By state</h2>
      <dl className="by-state">
        {line("Drift", "models", of("drift"), VERDICTS.drift)}
        {line("Data quality", "models", of("quality"), VERDICTS.quality)}
        {line("Fairness", "models", of("bias"), VERDICTS.bias)}
        {line("Compliance", "requirements", requirements, REQUIREMENT_STATES)}
      </dl>
    </section>
  );
}

function line(name: string, unit: string, found: Record<string, number>, order: readonly string[]): ReactNode {
  return (
    <div>
      <dt>
        {name}
        <small className="quiet">{` ${unit}`}</small>
      </dt>
      <dd>
        <Tally counts={found} order={order} />
      </dd>
    </div>
  );
}
