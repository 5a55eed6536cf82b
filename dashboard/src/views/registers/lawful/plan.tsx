/** The post-market monitoring plan: what is planned against what runs, drafts, and approval. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Heads } from "../../../components/heads";
import { Panel } from "../../../components/panel";
import { Badge } from "../../../components/state";
import { Time } from "../../../components/time";
import { list, sentenceCase, words } from "../../../format";
import { Action } from "../../../forms/action";
import { LongField } from "../../../forms/fields";
import { lawful, plan as text } from "../../../strings/lawful";
import { Facts } from "../fields";
import { Missing } from "../pieces";
import { TOUCHED } from "../register";
import { planOf } from "./reads";

type Schemas = components["schemas"];
type Following = Schemas["PlanFollowing"];
type Plan = Schemas["MonitoringPlan"];
type Statement = keyof Schemas["PlanStatements"];

const STATEMENTS = Object.entries(text.statements) as [Statement, readonly [string, string]][];

export function PlanPart({ id }: { id: string }): ReactNode {
  const found = useQuery(planOf(useApp().api, id));
  return (
    <Panel what={lawful.plan.toLowerCase()} of={found} lines={4}>
      {(following) => <Shown id={id} of={following} />}
    </Panel>
  );
}

function Shown({ id, of }: { id: string; of: Following }): ReactNode {
  const { plan, draft } = of;
  return (
    <>
      <p className="quiet">{text.about}</p>
      {plan ? (
        <p>
          <b>{text.inForce(plan.number)}</b>
          {plan.approved_at ? (
            <>
              {`, ${text.approved(plan.approved_by ?? "")}`}
              <Time at={plan.approved_at} />
            </>
          ) : null}
          {of.follows ? `. ${text.follows}` : ""}
        </p>
      ) : (
        <p>{text.none}</p>
      )}
      {of.overdue.length ? (
        <div className="notice bad">
          <div>
            <p>
              <b>{text.overdue}</b>
            </p>
            <ul>
              {of.overdue.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        </div>
      ) : null}
      {of.differences.length ? <Differences of={of.differences} /> : null}
      <Missing of={of.missing.map((one) => [one])} />
      {draft ? (
        <p>
          <b>{text.draftOf(draft.number)}</b>
        </p>
      ) : null}
      <div className="toolbar">
        {draft ? <Approve id={id} draft={draft} /> : null}
        <DraftPlan id={id} from={draft ?? plan} again={plan !== null || draft !== null} />
      </div>
      {draft ? <Said of={draft} /> : plan ? <Said of={plan} /> : null}
      <Checks of={of} />
    </>
  );
}

function Differences({ of }: { of: Following["differences"] }): ReactNode {
  return (
    <>
      <h4>{text.differences}</h4>
      <table className="cards">
        <Heads names={[text.field, text.planned, text.now]} />
        <tbody>
          {of.map((one) => (
            <tr key={one.field}>
              <th scope="row">{sentenceCase(words(one.field))}</th>
              <td data-label={text.planned}>
                <span>{written(one.planned)}</span>
              </td>
              <td data-label={text.now}>
                <span>{written(one.now)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function written(value: unknown): string {
  if (value === null || value === undefined) return text.nobody;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function Said({ of }: { of: Plan }): ReactNode {
  return <Facts facts={STATEMENTS.map(([name, [label]]) => [label, of.statements[name]])} />;
}

function Checks({ of }: { of: Following }): ReactNode {
  return (
    <>
      <h4>{text.checks}</h4>
      <table className="cards">
        <Heads names={[text.checks, text.now, text.lastRun]} />
        <tbody>
          {of.running.checks.map((one) => (
            <tr key={one.check}>
              <th scope="row">{sentenceCase(words(one.check))}</th>
              <td data-label={text.now}>
                <div>
                  <Badge word={one.runs ? { tone: "good", text: text.runs } : { tone: "off", text: text.runsNot }} />
                  {one.runs ? null : <span className="reason">{one.why_not}</span>}
                </div>
              </td>
              <td data-label={text.lastRun}>
                <span>{of.last_runs[one.check] ? <Time at={of.last_runs[one.check] ?? ""} /> : text.never}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">{`${text.told}: ${list(of.running.told, 6) || text.nobody}`}</p>
    </>
  );
}

function DraftPlan({ id, from, again }: { id: string; from: Plan | null; again: boolean }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/models/{model_id}/monitoring-plans"
      label={again ? text.draftNext : text.draft}
      title={`${again ? text.draftNext : text.draft}: ${id}`}
      confirm={again ? text.draftNext : text.draft}
      about={text.draftAbout}
      otherwise="explain"
      told={text.drafted}
      touches={TOUCHED}
      send={(values, headers) =>
        api.POST("/api/v1/models/{model_id}/monitoring-plans", {
          params: { path: { model_id: id } },
          body: Object.fromEntries(STATEMENTS.map(([name]) => [name, values[name] ?? ""])) as Schemas["PlanStatements"],
          headers,
        })
      }
    >
      {STATEMENTS.map(([name, [label, hint]]) => (
        <LongField key={name} name={name} label={label} hint={hint} value={from?.statements[name] ?? ""} />
      ))}
    </Action>
  );
}

function Approve({ id, draft }: { id: string; draft: Plan }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/models/{model_id}/monitoring-plans/{plan_id}/approve"
      label={text.approve}
      title={text.approveTitle(draft.number)}
      about={text.approveAbout}
      tone="primary"
      told={text.isApproved(draft.number)}
      touches={TOUCHED}
      send={(_, headers) =>
        api.POST("/api/v1/models/{model_id}/monitoring-plans/{plan_id}/approve", {
          params: { path: { model_id: id, plan_id: draft.id } },
          headers,
        })
      }
    />
  );
}
