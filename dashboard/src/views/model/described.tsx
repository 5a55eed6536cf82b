/** What people say of a model, each text changed where it stands. */

import type { ReactNode } from "react";
import type { ModelChanges, ModelPage } from "../../api/types";
import { Time } from "../../components/time";
import { list } from "../../format";
import { InPlace } from "../../forms/in_place";
import { strings } from "../../strings";
import { CHANGE, useRecordChange } from "./actions";

const text = strings.model;

const FIELDS = [
  ["intended_purpose", text.purpose],
  ["description", text.description],
  ["domain", text.domain],
  ["data_sources", text.sources],
  ["limitations", text.limitations],
  ["oversight_plan", text.oversight],
] as const;

type Name = (typeof FIELDS)[number][0];

export function Described({ page: { model } }: { page: ModelPage }): ReactNode {
  const { etag, touches, send } = useRecordChange(model.id);
  return (
    <dl className="described">
      {FIELDS.map(([name, label]) => {
        const value = written(model[name]);
        return (
          <div key={name}>
            <dt>{label}</dt>
            <dd>
              <InPlace
                route={CHANGE}
                record={model.id}
                name={name}
                label={label}
                value={value}
                short={name === "domain"}
                {...(name === "data_sources" ? { hint: strings.forms.lines } : {})}
                etag={etag}
                touches={touches}
                send={(typed, headers) => send(changed(name, typed), headers)}
              >
                {shown(model[name]) || <span className="quiet">{text.notSaid}</span>}
              </InPlace>
            </dd>
          </div>
        );
      })}
      <div>
        <dt>{text.registered}</dt>
        <dd>
          <Time at={model.registered_at} />
        </dd>
      </div>
    </dl>
  );
}

type Said = string | readonly string[] | null | undefined;

function written(said: Said): string {
  return typeof said === "string" ? said : (said ?? []).join("\n");
}

function shown(said: Said): string {
  return typeof said === "string" ? said : list(said ?? [], 6);
}

/** Only what was changed is sent: what somebody else says elsewhere stays. */
function changed(name: Name, typed: string): ModelChanges {
  const lines = typed
    .split("\n")
    .map((one) => one.trim())
    .filter(Boolean);
  return { [name]: name === "data_sources" ? lines : typed || null } as unknown as ModelChanges;
}
