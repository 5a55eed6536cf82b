/** The conditions between a version and a stage as checks: what is met, what is not and what to do about it. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Condition, GateResult } from "../../api/types";
import { useApp } from "../../app";
import { Panel } from "../../components/panel";
import { Badge, Icon } from "../../components/state";
import { Since } from "../../components/time";
import { plain, sentenceCase, words } from "../../format";
import { Action } from "../../forms/action";
import { LongField } from "../../forms/fields";
import { strings } from "../../strings";

const text = strings.versions;

interface GateProps {
  readonly id: string;
  readonly version: string;
  readonly stage: "staging" | "production";
}

export function Gate(props: GateProps): ReactNode {
  const gate = useQuery(useApp().reads.model(props.id).gate(props.version, props.stage));
  return (
    <div className="stack">
      <h3>{text.gate(props.stage)}</h3>
      <Panel what="the gate" of={gate} lines={6}>
        {(found) => <Conditions found={found} {...props} />}
      </Panel>
    </div>
  );
}

function Conditions({ found, id, version }: GateProps & { found: GateResult }): ReactNode {
  const open = found.conditions.filter((one) => !one.met);
  const settled = found.conditions.filter((one) => one.met);
  return (
    <>
      <p>
        <Badge
          word={open.length ? { tone: "bad", text: text.mayNot(open.length) } : { tone: "good", text: text.mayEnter }}
        />
        <span className="quiet">
          {` ${text.policy(found.policy)} · `}
          <Since at={found.judged_at} />
        </span>
      </p>
      <ul className="checks">
        {[...open, ...settled].map((one) => (
          <ConditionRow key={one.name} one={one} id={id} version={version} />
        ))}
      </ul>
    </>
  );
}

function ConditionRow({ one, id, version }: { one: Condition; id: string; version: string }): ReactNode {
  return (
    <li>
      <Icon tone={one.met ? (one.waived_by ? "warn" : "good") : "bad"} />
      <div>
        <p>
          <b>{sentenceCase(words(one.name.replace(":", ": ")))}</b>
          <span className="visually-hidden">{` ${one.met ? text.met : text.notMet}`}</span>
          {one.waived_by ? <span className="quiet">{` · ${text.waived(one.waived_by)}`}</span> : null}
        </p>
        <p className="quiet">{isOfData(one.name) ? sentenceCase(one.reason) : plain(one.reason)}</p>
        {one.met || !one.remedy ? null : (
          <p className="todo">
            <b>{text.whatToDo}</b>
            {one.remedy}
          </p>
        )}
      </div>
      {one.waivable ? <Waive id={id} version={version} condition={one.name} /> : null}
    </li>
  );
}

/** What evidence says names columns, which are called as the data call them. */
const isOfData = (condition: string): boolean => condition.startsWith("evidence:");

function Waive({ id, version, condition }: { id: string; version: string; condition: string }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/models/{model_id}/versions/{version}/waivers"
      record={`${version} ${condition}`}
      label={text.waive}
      title={text.waiveTitle(words(condition))}
      about={text.waiveAbout}
      tone="plain"
      told={text.waivedTold(words(condition))}
      touches={[["model", id]]}
      send={({ reason = "" }, headers) =>
        api.POST("/api/v1/models/{model_id}/versions/{version}/waivers", {
          params: { path: { model_id: id, version } },
          body: { condition, reason },
          headers,
        })
      }
    >
      <LongField name="reason" label={strings.model.reason} hint={strings.model.reasonHint} required />
    </Action>
  );
}
