/** What is due of whom: by day, filtered by person, and as a file for a calendar. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Api, answer } from "../../../api/client";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { isAddress, isModelId, Select, Typed } from "../../../components/filters";
import { Heads } from "../../../components/heads";
import { Empty, Panel } from "../../../components/panel";
import { save } from "../../../files";
import { day } from "../../../format";
import { address, type Choose, type Query, useChoices } from "../../../router";
import { useTell } from "../../../shell/told";
import { calendar as text } from "../../../strings/calendar";
import { named } from "../filled";
import { asCalendar } from "./icalendar";

type Calendar = components["schemas"]["Calendar"];
type Due = components["schemas"]["Due"];

/** Registers that have a tab here, and what that is called where it is called otherwise; others stand with their model. */
const TABS: Readonly<Record<string, string>> = {
  incidents: "incidents",
  risks: "risks",
  requests: "requests",
  vendors: "vendors",
  systems: "systems",
  trainings: "trainings",
  assignments: "assignments",
  policy_documents: "policies",
  processing: "processing",
};

/** Where on this page a date is about. */
function placeOf({ kind, register_name, link, model_id }: Due): string {
  const tab = TABS[register_name ?? ""];
  if (tab) return address(["registers", tab, link.slice(link.lastIndexOf("/") + 1)]);
  if (model_id) return address(["models", model_id], { section: "compliance" });
  return address(["compliance"], kind === "signature" ? { view: "signatures" } : {});
}

interface Asked {
  readonly days: number;
  readonly owner?: string;
  readonly model_id?: string;
}

const dueOf = (api: Api, query: Asked) =>
  queryOptions({
    queryKey: ["registers", "calendar", query],
    queryFn: () => answer(api.GET("/api/v1/calendar", { params: { query } })),
  });

const DAYS = "90";
/** As long as the address says, where that is one of those offered. */
const spanOf = ({ days = DAYS }: Query): string => (Object.hasOwn(text.spans, days) ? days : DAYS);

export function CalendarPage(): ReactNode {
  const { api } = useApp();
  const [query, choose] = useChoices();
  const { owner = "", model_id = "" } = query;
  const found = useQuery(
    dueOf(api, {
      days: Number(spanOf(query)),
      ...(isAddress(owner) ? { owner } : {}),
      ...(isModelId(model_id) ? { model_id } : {}),
    }),
  );
  return (
    <section className="panel" aria-label={text.title}>
      <p className="quiet">{text.about}</p>
      <Filters query={query} choose={choose} />
      <Panel what="the calendar" of={found} lines={6}>
        {(calendar) => <Shown of={calendar} kind={query["kind"]} narrowed={Boolean(owner || model_id)} />}
      </Panel>
    </section>
  );
}

function Filters({ query, choose }: { query: Query; choose: Choose }): ReactNode {
  const me = useApp().session.person.name;
  return (
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <Select
        label={text.days}
        value={spanOf(query)}
        choose={(days) => choose({ days: days === DAYS ? null : days })}
        options={named(text.spans)}
      />
      <Select
        label={text.kind}
        value={query["kind"] ?? ""}
        choose={(kind) => choose({ kind: kind || null })}
        options={[["", text.all], ...named(text.kinds)]}
      />
      <Typed label={text.owner} name="owner" choices={query} choose={choose} hint={text.ownerHint} fits={isAddress} />
      <Typed
        label={text.model}
        name="model_id"
        choices={query}
        choose={choose}
        hint={text.modelHint}
        fits={isModelId}
      />
      <div className="toolbar">
        <button
          type="button"
          aria-pressed={query["owner"] === me}
          onClick={() => choose({ owner: query["owner"] === me ? null : me })}
        >
          {text.mine}
        </button>
      </div>
    </form>
  );
}

function Shown({ of, kind, narrowed }: { of: Calendar; kind: string | undefined; narrowed: boolean }): ReactNode {
  const tell = useTell();
  const due = kind ? of.due.filter((one) => one.kind === kind) : of.due;
  const keep = async (): Promise<void> => {
    save("due.ics", "text/calendar", await asCalendar(due, new Date()));
    tell(text.saved(due.length));
  };
  return (
    <>
      {of.whole ? null : (
        <div className="notice warn">
          <p>{text.notWhole}</p>
        </div>
      )}
      <div className="card-head">
        <p role="status">{text.counted(due.length, due.filter((one) => one.overdue).length)}</p>
        <button type="button" onClick={() => void keep()} disabled={due.length === 0}>
          {text.download}
        </button>
      </div>
      {due.length ? (
        <Dates due={due} />
      ) : (
        <Empty what={kind || narrowed ? text.noMatch : text.none} hint={text.noneHint} />
      )}
    </>
  );
}

function Dates({ due }: { due: readonly Due[] }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[text.on, text.what, text.who, text.kind]} />
      <tbody>
        {due.map((one) => (
          <tr key={`${one.on} ${one.link} ${one.what} ${one.who}`}>
            <th scope="row" className="nowrap">
              {day(one.on)}
              {one.overdue ? <b className="late reason">{text.overdue}</b> : null}
            </th>
            <td data-label={text.what}>
              <div>
                <a href={placeOf(one)}>{one.what}</a>
                {one.model_id ? <span className="reason">{one.model_id}</span> : null}
              </div>
            </td>
            <td data-label={text.who}>
              <span className={one.who ? "" : "quiet"}>{one.who ?? text.nobody}</span>
            </td>
            <td data-label={text.kind}>
              <span>{text.kinds[one.kind]}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
