/** Rollouts of a model's versions: where each stands and why, step by step, and how to stop it or give traffic back. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Deployment, Model, ModelVersion } from "../../api/types";
import { useApp } from "../../app";
import { Empty, OnlyFirst, Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Since, Time } from "../../components/time";
import { sentenceCase, words } from "../../format";
import { Action } from "../../forms/action";
import { ChoiceField, LongField } from "../../forms/fields";
import { strings } from "../../strings";
import { word } from "../../words";

const text = strings.versions;
const why = strings.model;

/** States in which traffic may still move. */
const ON_ITS_WAY: ReadonlySet<string> = new Set(["planned", "shifting", "baking", "finishing"]);

export function Rollouts({ model, versions }: { model: Model; versions: readonly ModelVersion[] }): ReactNode {
  const deployments = useQuery(useApp().reads.model(model.id).deployments());
  return (
    <section className="card" aria-labelledby="title-rollouts">
      <div className="card-head">
        <h2 id="title-rollouts">{text.rollouts}</h2>
        <Deploy model={model} versions={versions} />
      </div>
      <Panel what="the rollouts" of={deployments}>
        {(found) =>
          found.all.length === 0 ? (
            <Empty what={text.noRollouts} />
          ) : (
            <>
              <ul className="requests">
                {found.all.map((one) => (
                  <Rollout key={one.id} one={one} />
                ))}
              </ul>
              <OnlyFirst of={found} />
            </>
          )
        }
      </Panel>
    </section>
  );
}

function Rollout({ one }: { one: Deployment }): ReactNode {
  const state = one.state ?? "planned";
  const at = Math.min(one.step ?? 0, one.steps.length - 1);
  return (
    <li className="stack">
      <div className="card-head">
        <h3>
          {`${one.version} → ${one.endpoint} (${words(one.strategy)}) `}
          <StateBadge name={state} />
        </h3>
        <div className="toolbar">
          {ON_ITS_WAY.has(state) ? <StopIt one={one} how="cancel" /> : null}
          {ON_ITS_WAY.has(state) || state === "completed" ? <StopIt one={one} how="rollback" /> : null}
        </div>
      </div>
      <p>{sentenceCase(one.state_reason)}</p>
      <ol className="steps" aria-label={text.rollouts}>
        {one.steps.map((step, index) => (
          <li
            key={step.percent}
            aria-current={index === at && ON_ITS_WAY.has(state) ? "step" : undefined}
            className={index < at || state === "completed" ? "passed" : ""}
          >
            {`${step.percent}%`}
          </li>
        ))}
      </ol>
      <p className="quiet">
        {ON_ITS_WAY.has(state) ? `${text.step(at + 1, one.steps.length, one.steps[at]?.percent ?? 0)} · ` : ""}
        {text.askedBy(one.asked_by)}
        <Since at={one.asked_at} />
        {`: ${one.reason}`}
      </p>
      <details>
        <summary>{`${(one.history ?? []).length} events`}</summary>
        <ol className="activity">
          {(one.history ?? []).map((event) => (
            <li key={`${event.at} ${event.state}`}>
              <span className="quiet">
                <Time at={event.at} />
              </span>
              <p>
                <b>{sentenceCase(word(event.state).text)}</b>
                {`: ${event.reason}`}
                <span className="quiet">{` ${text.by} ${event.by}`}</span>
              </p>
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}

function StopIt({ one, how }: { one: Deployment; how: "cancel" | "rollback" }): ReactNode {
  const { api } = useApp();
  const given = { params: { path: { deployment_id: one.id } } };
  const cancels = how === "cancel";
  return (
    <Action
      route={
        cancels
          ? "POST /api/v1/deployments/{deployment_id}/cancel"
          : "POST /api/v1/deployments/{deployment_id}/rollback"
      }
      record={one.id}
      label={cancels ? text.cancel : text.giveBack}
      about={cancels ? text.cancelAbout : text.giveBackAbout}
      tone="danger"
      told={cancels ? text.cancelled : text.givenBack}
      touches={[["model", one.model_id]]}
      send={({ reason = "" }, headers) =>
        cancels
          ? api.POST("/api/v1/deployments/{deployment_id}/cancel", { ...given, body: { reason }, headers })
          : api.POST("/api/v1/deployments/{deployment_id}/rollback", { ...given, body: { reason }, headers })
      }
    >
      <LongField name="reason" label={why.reason} hint={why.reasonHint} required />
    </Action>
  );
}

function Deploy({ model, versions }: { model: Model; versions: readonly ModelVersion[] }): ReactNode {
  const { api } = useApp();
  // Without an endpoint there is no traffic to move.
  if (!model.endpoint) return null;
  return (
    <Action
      route="POST /api/v1/deployments"
      label={text.deploy}
      about={text.deployAbout(model.name)}
      told={text.deployed}
      touches={[["model", model.id]]}
      send={({ version = "", reason = "" }, headers) =>
        api.POST("/api/v1/deployments", { body: { model_id: model.id, version, reason, stage: "production" }, headers })
      }
    >
      <ChoiceField
        name="version"
        label={text.version}
        required
        value={versions[0]?.version ?? ""}
        options={versions.map((one) => [one.version, one.version] as const)}
      />
      <LongField name="reason" label={why.reason} hint={why.reasonHint} required />
    </Action>
  );
}
