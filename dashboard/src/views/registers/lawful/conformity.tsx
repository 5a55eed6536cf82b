/** Conformity: whether an assessment is owed, the assessments, and what each new version was decided to be. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Heads } from "../../../components/heads";
import { Panel } from "../../../components/panel";
import { Badge } from "../../../components/state";
import { Action } from "../../../forms/action";
import { ChoiceField, LongField, type Options, TextField } from "../../../forms/fields";
import { lawful, conformity as text } from "../../../strings/lawful";
import type { Word } from "../../../words";
import { Missing } from "../pieces";
import { TOUCHED } from "../register";
import { Assessment, proceduresOf } from "./assessment";
import { conformityOf } from "./reads";

type Found = components["schemas"]["Conformity"];
type Modification = components["schemas"]["Modification"];

export function ConformityPart({ id }: { id: string }): ReactNode {
  const found = useQuery(conformityOf(useApp().api, id));
  return (
    <Panel what={lawful.conformity.toLowerCase()} of={found} lines={4}>
      {(conformity) => <Shown id={id} of={conformity} />}
    </Panel>
  );
}

function Shown({ id, of }: { id: string; of: Found }): ReactNode {
  const owed = of.high_risk === null ? text.unknown : of.high_risk ? text.highRisk : text.notHighRisk;
  const proposed = text.procedures[of.proposed_route as keyof typeof text.procedures];
  return (
    <>
      <p className="quiet">{text.about}</p>
      <p>
        {owed}
        {proposed ? ` ${text.proposed(proposed)}` : ""}
      </p>
      <Missing of={of.missing.map((one) => [one])} />
      {of.next_steps.length ? (
        <>
          <h4>{lawful.next}</h4>
          <ul>
            {of.next_steps.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      ) : null}
      <div className="toolbar">
        <Begin id={id} of={of} />
        <Decide id={id} of={of} />
      </div>
      {of.files.length ? null : <p className="quiet">{text.none}</p>}
      {of.files.map(({ file }) => (
        <Assessment key={file.id} model={id} id={file.id} routes={of.routes} />
      ))}
      <h4>{text.versions}</h4>
      {of.undecided.length ? (
        <div className="notice warn">
          <p>{text.undecided(of.undecided.join(", "))}</p>
        </div>
      ) : null}
      {of.modifications.length ? <Decided of={of.modifications} /> : <p className="quiet">{text.noVersions}</p>}
    </>
  );
}

function Begin({ id, of }: { id: string; of: Found }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/models/{model_id}/conformity"
      label={text.begin}
      title={`${text.begin}: ${id}`}
      about={text.beginAbout}
      otherwise="explain"
      told={({ version = "" }) => text.begun(version)}
      touches={TOUCHED}
      send={({ version = "", route }, headers) =>
        api.POST("/api/v1/models/{model_id}/conformity", {
          params: { path: { model_id: id } },
          body: { version, ...(route ? { route: route as Found["routes"][number] } : {}) },
          headers,
        })
      }
    >
      <TextField name="version" label={text.version} required value={of.undecided[0] ?? ""} />
      <ChoiceField name="route" label={text.procedure} says options={proceduresOf(of.routes)} />
    </Action>
  );
}

/** Not chosen for the person: the decision follows from it. */
const YES_NO: Options = [
  ["", text.choose],
  ["yes", text.yes],
  ["no", text.no],
];

function Decide({ id, of }: { id: string; of: Found }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/models/{model_id}/modifications"
      label={text.decide}
      title={`${text.decide}: ${id}`}
      about={text.decideAbout}
      told={({ version = "" }) => text.decided(version)}
      touches={[...TOUCHED, ["versions"]]}
      send={({ version = "", affects_compliance, changes_purpose, foreseen_as, reasons = "" }, headers) =>
        api.POST("/api/v1/models/{model_id}/modifications", {
          params: { path: { model_id: id } },
          body: {
            version,
            affects_compliance: affects_compliance === "yes",
            changes_purpose: changes_purpose === "yes",
            reasons,
            ...(foreseen_as ? { foreseen_as } : {}),
          },
          headers,
        })
      }
    >
      <TextField name="version" label={text.version} required value={of.undecided[0] ?? ""} />
      <ChoiceField name="affects_compliance" label={text.affects} required options={YES_NO} />
      <ChoiceField name="changes_purpose" label={text.purpose} required options={YES_NO} />
      <TextField name="foreseen_as" label={text.foreseenAs} hint={text.foreseenAsHint} />
      <LongField name="reasons" label={text.why} required />
    </Action>
  );
}

function Decided({ of }: { of: readonly Modification[] }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[text.version, text.decision, text.why]} />
      <tbody>
        {of.map((one) => (
          <tr key={one.id}>
            <th scope="row">{one.version}</th>
            <td data-label={text.decision}>
              <div>
                <Badge word={wordOf(one)} />
                {one.compared_with ? <span className="reason">{text.comparedWith(one.compared_with)}</span> : null}
              </div>
            </td>
            <td data-label={text.why}>
              <span>
                {one.reasons}
                <span className="reason">{one.changed_by}</span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function wordOf({ state, assessed = false }: Modification): Word {
  if (state === "substantial")
    return assessed ? { tone: "good", text: text.assessedAgain } : { tone: "bad", text: text.substantial };
  const said = text.decisions[state as keyof typeof text.decisions];
  return said ? { tone: "good", text: said } : { tone: "unsure", text: state };
}
