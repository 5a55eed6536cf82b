/** The models as CSV: those that are selected, or all that match, however many pages that are. */

import { type ReactNode, useState } from "react";
import { answer } from "../../api/client";
import type { ModelQuery } from "../../api/reads";
import type { ShownModel } from "../../api/types";
import { useApp } from "../../app";
import { reasonOf } from "../../components/panel";
import { csv, save } from "../../files";
import { useTell } from "../../shell/told";
import { strings } from "../../strings";

const text = strings.models;
const COLUMNS = ["id", "name", "owner", "cloud", "risk", "status", "stages", "presence", "domain", "registered_at"];

export function Export({ query, chosen }: { query: ModelQuery; chosen: readonly ShownModel[] }): ReactNode {
  const { api } = useApp();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const all = async (): Promise<ShownModel[]> => {
    const found: ShownModel[] = [];
    let token: string | undefined;
    do {
      const page: { models: ShownModel[]; next_token?: string | null } = await answer(
        api.GET("/api/v1/models", { params: { query: { ...query, limit: 100, ...(token ? { token } : {}) } } }),
      );
      found.push(...page.models);
      token = page.next_token ?? undefined;
    } while (token);
    return found;
  };
  const give = async (): Promise<void> => {
    setBusy(true);
    try {
      const models = chosen.length ? chosen : await all();
      save("models.csv", "text/csv", csv(COLUMNS, models.map(row)));
      tell(text.exported(models.length));
    } catch (error) {
      tell(text.notExported(reasonOf(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" disabled={busy} onClick={() => void give()}>
      {busy ? text.exporting : text.csv(chosen.length)}
    </button>
  );
}

function row(model: ShownModel): string[] {
  return [
    model.id,
    model.name,
    model.owner ?? "",
    model.cloud,
    model.risk?.level ?? "undecided",
    model.compliance_status ?? "draft",
    (model.stages ?? []).join(" "),
    model.presence ?? "",
    model.domain ?? "",
    model.registered_at,
  ];
}
