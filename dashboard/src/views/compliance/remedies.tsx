/** What was promised, by whom and until when, over all models. Nobody closes one by hand: it closes when the requirement is met. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Remediation, Requirement } from "../../api/types";
import { useApp } from "../../app";
import { Heads } from "../../components/heads";
import { Empty, OnlyFirst, Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { useNow } from "../../components/time";
import { day } from "../../format";
import { Action } from "../../forms/action";
import { ChoiceField, LongField, TextField } from "../../forms/fields";
import { address } from "../../router";
import { strings } from "../../strings";
import { frameworkName } from "../../words";

const text = strings.compliance;

export function Remedies(): ReactNode {
  const remediations = useQuery(useApp().reads.remediations());
  const today = new Date(useNow()).toISOString().slice(0, 10);
  return (
    <Panel what="the remedies" of={remediations} lines={5}>
      {(found) =>
        found.all.length === 0 ? (
          <Empty what={text.noRemedies} hint={text.noRemediesHint} />
        ) : (
          <>
            <OnlyFirst of={found} />
            <table className="cards">
              <Heads names={[text.remedy, text.status, text.due, text.owner, text.framework]} actions />
              <tbody>
                {found.all.map((one) => (
                  <tr key={`${one.model_id} ${one.id}`}>
                    <th scope="row">
                      <a href={address(["models", one.model_id], { section: "compliance" })}>{one.title}</a>
                      <span className="reason">{one.note}</span>
                    </th>
                    <td data-label={text.status}>
                      <StateBadge name={one.status ?? "open"} />
                    </td>
                    <td data-label={text.due} className="nowrap">
                      {one.status !== "closed" && one.due < today ? (
                        <b className="late">{strings.desk.overdue(day(one.due))}</b>
                      ) : (
                        day(one.due)
                      )}
                    </td>
                    <td data-label={text.owner}>
                      <span>{one.owner}</span>
                    </td>
                    <td data-label={text.framework}>
                      <span>{`${frameworkName(one.framework_id)} ${one.requirement_id}`}</span>
                    </td>
                    <td>{one.status === "closed" ? null : <ChangeRemedy one={one} />}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )
      }
    </Panel>
  );
}

function ChangeRemedy({ one }: { one: Remediation }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="PATCH /api/v1/models/{model_id}/remediations/{remediation_id}"
      record={one.id}
      label={text.begin}
      title={text.changeTitle(one.title)}
      told={text.changed}
      touches={[["remediations"], ["model", one.model_id]]}
      send={({ owner = "", due = "", note = "", begun }, headers) =>
        api.PATCH("/api/v1/models/{model_id}/remediations/{remediation_id}", {
          params: { path: { model_id: one.model_id, remediation_id: one.id } },
          body: { owner, due, note, ...(begun === "yes" ? { in_progress: true } : {}) },
          headers,
        })
      }
    >
      <TextField name="owner" label={text.owner} type="email" required value={one.owner} />
      <TextField name="due" label={text.due} type="date" required value={one.due} />
      <ChoiceField
        name="begun"
        label={text.begun}
        required
        value={one.status === "in_progress" ? "yes" : "no"}
        options={[
          ["no", text.no],
          ["yes", text.yes],
        ]}
      />
      <LongField name="note" label={text.note} value={one.note ?? ""} />
    </Action>
  );
}

interface PromiseProps {
  readonly id: string;
  readonly requirement: Requirement;
  readonly owner: string | null;
  readonly present: Remediation | undefined;
}

/** On a requirement that is not settled: who will do what until when, or who already said so. */
export function PromiseRemedy({ id, requirement, owner, present }: PromiseProps): ReactNode {
  const { api } = useApp();
  if (present) return <p className="quiet">{text.hasRemedy(present.owner, day(present.due))}</p>;
  return (
    <div className="toolbar">
      <Action
        route="POST /api/v1/models/{model_id}/remediations"
        record={requirement.framework_id}
        label={text.promise}
        title={text.promiseTitle(requirement.requirement_id)}
        about={text.promiseAbout}
        told={({ due = "" }) => text.promised(day(due))}
        touches={[["remediations"], ["model", id]]}
        send={({ title = "", owner: who = "", due = "", note = "" }, headers) =>
          api.POST("/api/v1/models/{model_id}/remediations", {
            params: { path: { model_id: id } },
            body: {
              framework_id: requirement.framework_id,
              requirement_id: requirement.requirement_id,
              title,
              owner: who,
              due,
              note,
            },
            headers,
          })
        }
      >
        <TextField name="title" label={text.whatDone} required value={requirement.remedy.slice(0, 200)} />
        <TextField name="owner" label={text.owner} type="email" required value={owner ?? ""} />
        <TextField name="due" label={text.due} type="date" required />
        <LongField name="note" label={text.note} />
      </Action>
    </div>
  );
}
