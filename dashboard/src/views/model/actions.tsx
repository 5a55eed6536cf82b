/** What can be done about a model from its home: each opens a form, and says who may when this person may not. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ModelChanges, ModelPage } from "../../api/types";
import { type ChangeRoute, useApp, useMay } from "../../app";
import { words } from "../../format";
import { Action } from "../../forms/action";
import { ChoiceField, LongField, TextField } from "../../forms/fields";
import { strings } from "../../strings";
import { CheckNow, ChooseChecks, SetBaseline, SetFairnessThreshold, SetThreshold } from "./checks";

const text = strings.model;
export const CHANGE = "PATCH /api/v1/models/{model_id}";

export function ModelActions({ page }: { page: ModelPage }): ReactNode {
  return (
    <div className="toolbar">
      <CheckNow page={page} />
      <ChooseChecks page={page} />
      <AssignOwner page={page} />
      <SetThreshold page={page} />
      <SetFairnessThreshold page={page} />
      <SetBaseline page={page} />
      <DecideRisk page={page} />
      <MoveStatus page={page} />
      <Retire page={page} />
    </div>
  );
}

interface Given {
  readonly page: ModelPage;
}

/** A change of the record, sent with the edition that was read: what somebody else wrote meanwhile is not lost. */
export function useRecordChange(id: string, route: ChangeRoute = CHANGE) {
  const { api, reads } = useApp();
  const record = useQuery({ ...reads.model(id).record(), enabled: useMay()(route) });
  return {
    etag: record.data?.etag,
    touches: [["model", id], ["models"], ["standings"]],
    send: (body: ModelChanges, headers: Record<string, string>) =>
      api.PATCH("/api/v1/models/{model_id}", { params: { path: { model_id: id } }, body, headers }),
  };
}

export function AssignOwner({ page: { model } }: Given): ReactNode {
  const { etag, touches, send } = useRecordChange(model.id);
  return (
    <Action
      route={CHANGE}
      label={text.assign}
      told={({ owner = "" }) => text.assigned(owner)}
      etag={etag}
      touches={touches}
      send={({ owner }, headers) => send({ owner: owner || null } as ModelChanges, headers)}
    >
      <TextField name="owner" label={text.owner} hint={text.assignHint} type="email" value={model.owner ?? ""} />
    </Action>
  );
}

function DecideRisk({ page: { model } }: Given): ReactNode {
  const { api } = useApp();
  const { etag } = useRecordChange(model.id, "PUT /api/v1/models/{model_id}/risk-profile");
  return (
    <Action
      route="PUT /api/v1/models/{model_id}/risk-profile"
      label={text.risk}
      about={text.riskAbout}
      etag={etag}
      told={({ level = "" }) => text.riskSet(level)}
      touches={[["model", model.id], ["models"], ["standings"]]}
      send={({ level, reason = "" }, headers) =>
        api.PUT("/api/v1/models/{model_id}/risk-profile", {
          params: { path: { model_id: model.id } },
          body: { level: level as "high", reason },
          headers,
        })
      }
    >
      <ChoiceField
        name="level"
        label={text.riskLevel}
        required
        value={model.risk?.level}
        options={["minimal", "limited", "high", "unacceptable"].map((level) => [level, level] as const)}
      />
      <LongField name="reason" label={text.reason} hint={text.reasonHint} required />
    </Action>
  );
}

function MoveStatus({ page: { model } }: Given): ReactNode {
  const { api } = useApp();
  const { etag } = useRecordChange(model.id, "PATCH /api/v1/models/{model_id}/compliance-status");
  return (
    <Action
      route="PATCH /api/v1/models/{model_id}/compliance-status"
      label={text.life}
      about={text.lifeAbout}
      etag={etag}
      told={({ status = "" }) => text.lifeSet(words(status))}
      touches={[["model", model.id], ["models"], ["standings"]]}
      send={({ status, reason = "" }, headers) =>
        api.PATCH("/api/v1/models/{model_id}/compliance-status", {
          params: { path: { model_id: model.id } },
          body: { status: status as "approved", reason },
          headers,
        })
      }
    >
      <ChoiceField
        name="status"
        label={text.lifeStatus}
        required
        options={["draft", "under_review", "approved", "retired"].map((status) => [status, words(status)] as const)}
      />
      <LongField name="reason" label={text.reason} hint={text.reasonHint} required />
    </Action>
  );
}

function Retire({ page: { model } }: Given): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="DELETE /api/v1/models/{model_id}"
      label={text.retire}
      about={text.retireAbout}
      tone="danger"
      told={text.retired}
      touches={[["model", model.id], ["models"], ["standings"]]}
      send={({ reason = "" }, headers) =>
        api.DELETE("/api/v1/models/{model_id}", {
          params: { path: { model_id: model.id } },
          body: { reason },
          headers,
        })
      }
    >
      <LongField name="reason" label={text.reason} hint={text.reasonHint} required />
    </Action>
  );
}
