/** The data of Annex VIII with every point that is missing, and that they were registered. */

import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer } from "../../../api/client";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Heads } from "../../../components/heads";
import { Panel, reasonOf } from "../../../components/panel";
import { Badge } from "../../../components/state";
import { save } from "../../../files";
import { day } from "../../../format";
import { Action, type Values } from "../../../forms/action";
import { LongField, TextField } from "../../../forms/fields";
import { useTell } from "../../../shell/told";
import { lawful, registration as text } from "../../../strings/lawful";
import { TOUCHED } from "../register";
import { registrationOf } from "./reads";

type View = components["schemas"]["RegistrationView"];
type Point = components["schemas"]["RegistrationPoint"];

export function RegistrationPart({ id }: { id: string }): ReactNode {
  const found = useQuery(registrationOf(useApp().api, id));
  return (
    <Panel what={lawful.registration.toLowerCase()} of={found} lines={6}>
      {(view) => <Shown id={id} view={view} />}
    </Panel>
  );
}

function Shown({ id, view }: { id: string; view: View }): ReactNode {
  const { data, registration, applies } = view;
  return (
    <>
      <p className="quiet">{text.about}</p>
      <p>{applies === null ? text.appliesUnknown : applies ? text.applies : text.appliesNot}</p>
      {registration?.registered_on ? (
        <p>{text.registered(day(registration.registered_on), registration.registered_by ?? "")}</p>
      ) : null}
      {view.changed_since ? (
        <div className="notice warn">
          <p>{text.changed}</p>
        </div>
      ) : null}
      <h4>{text.section(data.section)}</h4>
      <p className="quiet">{`${text.where}: ${data.database} (${data.article})`}</p>
      <div className="toolbar">
        <GivePoints id={id} view={view} />
        <Recorded id={id} view={view} />
        <SaveDocument id={id} view={view} />
      </div>
      <table className="cards">
        <Heads names={[text.point, text.value, text.source]} />
        <tbody>
          {data.points.map((one) => (
            <tr key={one.number}>
              <th scope="row">{`${one.number}. ${one.asks}`}</th>
              <td data-label={text.value}>
                <Said of={one} />
              </td>
              <td data-label={text.source}>
                <span className="quiet">{one.source}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {view.next_steps.length ? (
        <>
          <h4>{lawful.next}</h4>
          <ul>
            {view.next_steps.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}

function Said({ of }: { of: Point }): ReactNode {
  if (of.value) return <span>{of.value}</span>;
  if (of.need === "always") return <Badge word={{ tone: "bad", text: text.missing }} />;
  return of.need === "where_applicable" ? <Badge word={{ tone: "unsure", text: text.empty }} /> : <span />;
}

/** What people gave before, and what no record holds. */
function askable(view: View): Point[] {
  const given = view.registration?.given ?? {};
  return view.data.points.filter((one) => !one.value || one.number in given);
}

/** Only what is another than before; an emptied point is taken back. */
export function pointsOf(view: View, values: Values): Record<string, string> {
  const given: Readonly<Record<string, string>> = view.registration?.given ?? {};
  return Object.fromEntries(
    askable(view).flatMap(({ number }) => {
      const value = values[`given.${number}`] ?? "";
      return value === (given[number] ?? "") ? [] : [[number, value]];
    }),
  );
}

function GivePoints({ id, view }: { id: string; view: View }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/models/{model_id}/registration/points"
      label={text.give}
      title={`${text.give}: ${id}`}
      about={text.giveAbout}
      wide
      otherwise="explain"
      told={text.given}
      touches={TOUCHED}
      send={(values, headers) =>
        api.POST("/api/v1/models/{model_id}/registration/points", {
          params: { path: { model_id: id } },
          body: { section: view.data.section, given: pointsOf(view, values) as never },
          headers,
        })
      }
    >
      {askable(view).map((one) => (
        <LongField
          key={one.number}
          name={`given.${one.number}`}
          label={`${one.number}. ${one.asks}`}
          says={one.need === "always"}
          rows={2}
          value={view.registration?.given?.[one.number] ?? ""}
        />
      ))}
    </Action>
  );
}

function Recorded({ id, view }: { id: string; view: View }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/models/{model_id}/registration"
      label={text.record}
      title={`${text.record}: ${id}`}
      about={text.recordAbout}
      told={text.recorded}
      touches={TOUCHED}
      send={({ registered_on = "", entry_url = "" }, headers) =>
        api.POST("/api/v1/models/{model_id}/registration", {
          params: { path: { model_id: id } },
          body: { section: view.data.section, registered_on, entry_url },
          headers,
        })
      }
    >
      <TextField name="registered_on" label={text.on} type="date" required />
      <TextField name="entry_url" label={text.entry} required />
    </Action>
  );
}

function SaveDocument({ id, view }: { id: string; view: View }): ReactNode {
  const { api } = useApp();
  const tell = useTell();
  const load = useMutation({
    mutationFn: async () => {
      const found = await answer(
        api.GET("/api/v1/models/{model_id}/registration/document", {
          params: { path: { model_id: id }, query: { section: view.data.section } },
        }),
      );
      save(found.name, "text/markdown", found.markdown);
      return found.name;
    },
    onSuccess: (name) => tell(text.saved(name)),
    onError: (error) => tell(reasonOf(error)),
  });
  return (
    <button type="button" disabled={load.isPending} onClick={() => load.mutate()}>
      {text.document}
    </button>
  );
}
