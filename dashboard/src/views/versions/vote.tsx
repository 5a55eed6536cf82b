/** Approving or rejecting in a role that is held and asked for, wherever the request is shown. */

import type { ReactNode } from "react";
import type { ApprovalRequest } from "../../api/types";
import { type ChangeRoute, rolesFor, useApp } from "../../app";
import { words } from "../../format";
import { Action } from "../../forms/action";
import { ChoiceField, LongField } from "../../forms/fields";
import { strings } from "../../strings";

const text = strings.versions;
const ROUTE: ChangeRoute = "POST /api/v1/models/{model_id}/approvals/{request_id}/votes";

/** The roles of which a request wants votes; a policy that names none takes any that votes. */
export function askedRoles({ policy }: ApprovalRequest): string[] {
  const named = [...new Set([...(policy.roles ?? []), ...(policy.from_roles ?? [])])];
  return named.length ? named : rolesFor(ROUTE);
}

interface VoteProps {
  readonly request: ApprovalRequest;
  /** Roles that the person holds and may vote in. */
  readonly roles: readonly string[];
  readonly name?: string;
}

export function Vote({ request, roles, name }: VoteProps): ReactNode {
  const { api } = useApp();
  const what = text.wanted(request.version, request.target);
  return (
    <Action
      route={ROUTE}
      record={`${request.model_id} ${request.id}`}
      label={text.vote}
      title={text.voteTitle(name ? `${name} ${what}` : what)}
      tone="primary"
      confirm={text.vote}
      told={({ decision = "" }) => text.voted(decision)}
      touches={[["model", request.model_id], ["counts"], ["waiting"]]}
      send={({ decision, role = "", comment = "" }, headers) =>
        api.POST("/api/v1/models/{model_id}/approvals/{request_id}/votes", {
          params: { path: { model_id: request.model_id, request_id: request.id } },
          body: { decision: decision as "approve", role, comment },
          headers,
        })
      }
    >
      <ChoiceField
        name="decision"
        label={text.decision}
        required
        options={[
          ["approve", text.approve],
          ["reject", text.reject],
        ]}
      />
      <ChoiceField
        name="role"
        label={text.role}
        required
        value={roles[0] ?? ""}
        options={roles.map((role) => [role, words(role)] as const)}
      />
      <LongField name="comment" label={text.comment} hint={text.commentHint} required />
    </Action>
  );
}
