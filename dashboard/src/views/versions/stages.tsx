/** Moving versions between stages. */

import type { ReactNode } from "react";
import type { Versions } from "../../api/types";
import { useApp } from "../../app";
import { Action } from "../../forms/action";
import { LongField, TextField } from "../../forms/fields";
import { strings } from "../../strings";

const text = strings.versions;
const why = strings.model;

interface PromoteProps {
  readonly id: string;
  readonly version: string;
  readonly stage: "staging" | "production";
}

export function Promote({ id, version, stage }: PromoteProps): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/models/{model_id}/versions/{version}/promote"
      record={version}
      label={`${text.promote} to ${stage}`}
      about={text.promoteAbout(version)}
      told={text.promoted(version, stage)}
      touches={[["model", id], ["models"], ["counts"]]}
      send={({ reason = "" }, headers) =>
        api.POST("/api/v1/models/{model_id}/versions/{version}/promote", {
          params: { path: { model_id: id, version } },
          body: { stage, reason, through_stages: false },
          headers,
        })
      }
    >
      <LongField name="reason" label={why.reason} hint={why.reasonHint} required />
    </Action>
  );
}

export function RollBack({ id, stages }: { id: string; stages: Versions["stages"] }): ReactNode {
  const { api } = useApp();
  // There is nothing to return from.
  if (!Object.values(stages.of ?? {}).includes("production")) return null;
  return (
    <Action
      route="POST /api/v1/models/{model_id}/rollback"
      label={text.rollback}
      about={text.rollbackAbout}
      tone="danger"
      told={text.rolledBack}
      touches={[["model", id], ["models"]]}
      send={({ version, reason = "" }, headers) =>
        api.POST("/api/v1/models/{model_id}/rollback", {
          params: { path: { model_id: id } },
          body: { reason, ...(version ? { version } : {}) },
          headers,
        })
      }
    >
      <TextField name="version" label={text.rollbackTo} hint={text.rollbackHint} />
      <LongField name="reason" label={why.reason} hint={why.reasonHint} required />
    </Action>
  );
}
