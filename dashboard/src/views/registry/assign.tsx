/** One owner for several models. Each is a change of its own: what was refused is named, the others stand. */

import type { ReactNode } from "react";
import { ApiError, answer, changing } from "../../api/client";
import type { ModelChanges, ShownModel } from "../../api/types";
import { useApp } from "../../app";
import { Action } from "../../forms/action";
import { TextField } from "../../forms/fields";
import { strings } from "../../strings";

const text = strings.models;

export function AssignMany({ models, done }: { models: readonly ShownModel[]; done: () => void }): ReactNode {
  const { api } = useApp();
  const assign = async (owner: string): Promise<void> => {
    const refused: { where: string; problem: string }[] = [];
    for (const model of models) {
      try {
        const path = { model_id: model.id };
        const { response } = await api.GET("/api/v1/models/{model_id}", { params: { path } });
        await answer(
          api.PATCH("/api/v1/models/{model_id}", {
            params: { path },
            body: { owner: owner || null } as ModelChanges,
            headers: changing(crypto.randomUUID(), response.headers.get("etag")),
          }),
        );
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refused.push({ where: model.name, problem: error.message });
      }
    }
    if (refused.length)
      throw new ApiError(409, text.someRefused(models.length - refused.length, models.length), refused);
  };
  return (
    <Action
      route="PATCH /api/v1/models/{model_id}"
      record={models.map((model) => model.id).join(" ")}
      label={strings.model.assign}
      title={text.assignMany(models.length)}
      told={({ owner = "" }) => text.assignedMany(models.length, owner)}
      touches={[["models"], ["standings"]]}
      send={({ owner = "" }) => assign(owner)}
      done={done}
    >
      <TextField name="owner" label={strings.model.owner} hint={strings.model.assignHint} type="email" />
    </Action>
  );
}
