/** What a signature would settle in all frameworks that ask for it, and what stays open all the same: shown before one signs. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Api, answer } from "../../api/client";
import type { components } from "../../api/schema";
import type { DueSignature } from "../../api/types";
import { useApp } from "../../app";
import { Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { sentenceCase } from "../../format";
import { signing as text } from "../../strings/signing";
import { frameworkName, word } from "../../words";

type Preview = components["schemas"]["Preview"];
type Effect = components["schemas"]["Effect"];

/** What is about the whole organisation names no model. */
const ORGANISATION = "organisation";

const previewOf = (api: Api, { model_id, topic, role }: DueSignature) => ({
  queryKey: ["preview", model_id, topic, role],
  queryFn: (): Promise<Preview> => {
    const query = { topic, role, thing: "signature" as const };
    return model_id === ORGANISATION
      ? answer(api.GET("/api/v1/compliance/preview", { params: { query } }))
      : answer(api.GET("/api/v1/models/{model_id}/compliance/preview", { params: { path: { model_id }, query } }));
  },
});

export function WouldSettle({ due }: { due: DueSignature }): ReactNode {
  const { api } = useApp();
  const found = useQuery(previewOf(api, due));
  return (
    <Panel what={text.preview} of={found} lines={2}>
      {(preview) => (
        <>
          <p>
            <b>{said(preview)}</b>
          </p>
          <Effects of={preview.settles} />
          {preview.leaves.length ? (
            <details>
              <summary>{text.stays(preview.leaves.length)}</summary>
              <Effects of={preview.leaves} />
            </details>
          ) : null}
          {preview.more ? <p className="quiet">{text.firstModels(preview.models)}</p> : null}
        </>
      )}
    </Panel>
  );
}

/** "Signing settles 3 requirements in 2 frameworks; leaves 4 open." */
export function said({ settles, leaves }: Pick<Preview, "settles" | "leaves">): string {
  const frameworks = new Set(settles.map((one) => one.framework_id)).size;
  return text.wouldSettle(settles.length, frameworks, leaves.length);
}

function Effects({ of }: { of: readonly Effect[] }): ReactNode {
  if (of.length === 0) return null;
  return (
    <ul className="effects">
      {of.map((one) => (
        <li key={`${one.framework_id} ${one.requirement_id}`}>
          <Badge word={word(one.after)} /> <b>{`${frameworkName(one.framework_id)} ${one.requirement_id}`}</b>{" "}
          {one.title}
          {one.settled ? null : <span className="reason">{sentenceCase(one.why)}</span>}
        </li>
      ))}
    </ul>
  );
}
