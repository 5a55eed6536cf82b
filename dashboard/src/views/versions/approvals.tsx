/** Who is asked, who has said what, and saying it: four eyes and the roles of the policy hold, whoever clicks. */

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Listed } from "../../api/paging";
import type { ApprovalRequest } from "../../api/types";
import { useApp } from "../../app";
import { Empty, OnlyFirst, Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Since, Time } from "../../components/time";
import { list, words } from "../../format";
import { Action } from "../../forms/action";
import { strings } from "../../strings";
import { roleName } from "../../words";
import { askedRoles, Vote } from "./vote";

const text = strings.versions;

interface ApprovalsProps {
  readonly of: UseQueryResult<Listed<ApprovalRequest>>;
}

export function Approvals({ of }: ApprovalsProps): ReactNode {
  return (
    <section className="card" aria-labelledby="title-requests">
      <h2 id="title-requests">{text.requests}</h2>
      <Panel what="the approval requests" of={of}>
        {(requests) =>
          requests.all.length === 0 ? (
            <Empty what={text.noRequests} />
          ) : (
            <>
              <ul className="requests">
                {requests.all.map((request) => (
                  <Request key={request.id} request={request} />
                ))}
              </ul>
              <OnlyFirst of={requests} />
            </>
          )
        }
      </Panel>
    </section>
  );
}

function Request({ request }: { request: ApprovalRequest }): ReactNode {
  const { policy, votes = [] } = request;
  const roles = list(askedRoles(request).map(roleName), 9);
  return (
    <li className="stack">
      <div className="card-head">
        <h3>
          {text.wanted(request.version, request.target)} <StateBadge name={request.state} />
        </h3>
        {request.state === "pending" ? <OwnVote request={request} /> : null}
      </div>
      <p className="quiet">
        {text.askedBy(request.requested_by)}
        <Since at={request.requested_at} />
        {` · ${text.policy(policy.name)} ${text.needs(policy.approvers, roles)} · ${text.until}`}
        <Time at={request.expires_at} />
      </p>
      {request.state_reason ? <p>{request.state_reason}</p> : null}
      {votes.length === 0 ? (
        <p className="quiet">{text.noVotes}</p>
      ) : (
        <ul className="stack tight">
          {votes.map((vote) => (
            <li key={`${vote.actor} ${vote.at}`}>
              <StateBadge name={vote.decision === "approve" ? "approved" : "rejected"} />
              {` ${vote.actor} (${words(vote.role)}) `}
              <span className="quiet">
                <Since at={vote.at} />
              </span>
              {`: “${vote.comment}”`}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** An administrator holds no role but that of the group, so only the roles asked for and held are offered. */
function OwnVote({ request }: { request: ApprovalRequest }): ReactNode {
  const { name, groups } = useApp().session.person;
  const asked = askedRoles(request);
  const held = asked.filter((role) => groups.includes(role));
  if (request.requested_by === name) return <span className="quiet">{text.ownRequest}</span>;
  if ((request.votes ?? []).some((vote) => vote.actor === name)) return <span className="quiet">{text.hasVoted}</span>;
  if (held.length === 0) return <span className="quiet">{text.notAsked(list(asked.map(roleName), 9))}</span>;
  return <Vote request={request} roles={held} />;
}

interface RequestProps {
  readonly id: string;
  readonly version: string;
  readonly stage: "staging" | "production";
}

export function RequestApproval({ id, version, stage }: RequestProps): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/models/{model_id}/approvals"
      label={text.request}
      about={text.requestAbout(text.wanted(version, stage))}
      told={text.requested}
      touches={[["model", id], ["counts"], ["waiting"]]}
      send={(_, headers) =>
        api.POST("/api/v1/models/{model_id}/approvals", {
          params: { path: { model_id: id } },
          body: { version, stage },
          headers,
        })
      }
    />
  );
}
