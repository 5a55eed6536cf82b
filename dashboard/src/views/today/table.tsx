/** Every model: its state per concern, its owner, where it runs, and how old what we know is. */

import type { ReactNode } from "react";
import type { Alert, Checked, Overview, Standing } from "../../api/types";
import { Mirrored } from "../../components/mirrored";
import { Badge, StateBadge } from "../../components/state";
import { Since, WindowName } from "../../components/time";
import { address } from "../../router";
import { cloud, urgency, word } from "../../words";
import { STATES } from "../compliance/states";

interface StandingProps {
  readonly overview: Overview;
  readonly alerts: readonly Alert[];
  /** There are other alerts: that a model has none is not known. */
  readonly more: boolean;
}

export function StandingTable({ overview, alerts, more }: StandingProps): ReactNode {
  const open = new Map<string, number>();
  for (const alert of alerts) {
    if (alert.state !== "resolved") open.set(alert.model_id, (open.get(alert.model_id) ?? 0) + 1);
  }
  const rows = [...overview.rows].sort(
    (one, other) => rank(one) - rank(other) || one.model.name.localeCompare(other.model.name),
  );
  return (
    <section className="card" aria-labelledby="models">
      <h2 id="models">Models</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="scroll" role="region" aria-label="Table of models" tabIndex={0}>
        <table className="cards models">
          <thead>
            <tr>
              {["Model", "Alerts", "Drift", "Data quality", "Fairness", "Compliance", "Checked", "Newest data"].map(
                (name) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>{rows.map((row) => modelRow(row, open.get(row.model.id) ?? (more ? null : 0)))}</tbody>
        </table>
      </div>
    </section>
  );
}

function rank(row: Standing): number {
  return Math.min(
    ...[row.checks.drift, row.checks.quality, row.checks.bias].map((state) => urgency(word(state?.state).tone)),
  );
}

function modelRow(row: Standing, alerts: number | null): ReactNode {
  const { model } = row;
  return (
    <tr key={model.id}>
      <th scope="row">
        <a href={address(["models", model.id])}>{model.name}</a>
        <span className="reason">{model.owner ?? "no owner: nobody is told"}</span>
        {row.mirroredAt ? (
          <Mirrored row={row} className="reason" />
        ) : (
          <span className="reason">{cloud(model.cloud)}</span>
        )}
        {presence(row)}
      </th>
      <td data-label="Alerts">
        {alerts === 0 ? (
          <span className="quiet">none</span>
        ) : alerts === null ? (
          <span className="quiet">not read</span>
        ) : (
          <a href={address(["models", model.id], { section: "alerts" })}>
            <span className="nowrap">{`${alerts} open`}</span>
          </a>
        )}
      </td>
      <td data-label="Drift">{state(row, "drift")}</td>
      <td data-label="Data quality">{state(row, "quality")}</td>
      <td data-label="Fairness">{state(row, "bias")}</td>
      <td data-label="Compliance">{compliance(row)}</td>
      <td data-label="Checked">
        {row.checkedAt ? <Since at={row.checkedAt} /> : <span className="quiet">never</span>}
      </td>
      <td data-label="Newest data">
        {row.newest ? (
          <div>
            <WindowName window={row.newest} />
            <span className="reason">
              {"ended "}
              <Since at={row.newest.end} />
            </span>
          </div>
        ) : (
          <span className="quiet">no data</span>
        )}
      </td>
    </tr>
  );
}

/** A model that discovery no longer sees, or could not look for, must not pass as watched. */
function presence(row: Standing): ReactNode {
  if (row.model.presence === "gone") return <Badge word={{ tone: "off", text: "endpoint is gone" }} />;
  if (row.model.presence === "unknown") return <Badge word={{ tone: "warn", text: "source unavailable" }} />;
  return null;
}

/** The verdict, leading to what it rests on. What was not checked has nothing to lead to. */
function state(row: Standing, concern: Checked): ReactNode {
  const found = row.checks[concern];
  if (found === null) return <StateBadge name={null} />;
  const old = found.expired ? <Badge word={{ tone: "warn", text: "evidence expired" }} /> : null;
  const href = address(["models", row.model.id], { section: concern });
  return (
    <a className="to-badge" href={href} title={found.summary}>
      <StateBadge name={found.state} />
      {old}
    </a>
  );
}

/** The most urgent state with its number; the link leads to the requirements behind it. */
function compliance(row: Standing): ReactNode {
  if (row.requirements === null) return <StateBadge name={null} />;
  const found = row.requirements;
  const first = STATES.find((name) => (found[name] ?? 0) > 0);
  if (!first) return <StateBadge name={null} />;
  const what = word(first);
  return (
    <a className="to-badge" href={address(["models", row.model.id], { section: "compliance" })}>
      <Badge word={{ tone: what.tone, text: `${found[first]} ${what.text}` }} />
    </a>
  );
}
