/** All alerts, filtered by state, severity and concern; the filter is part of the address. j, k and e work on them. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import type { Alert } from "../../api/types";
import { useApp } from "../../app";
import { Select } from "../../components/filters";
import { Empty, Panel } from "../../components/panel";
import { count, counts, sentenceCase } from "../../format";
import { type Choose, type Query, useChoices } from "../../router";
import { isFree } from "../../shell/keys";
import { strings } from "../../strings";
import { concern, word } from "../../words";
import { actions } from "./actions";
import { byUrgency, SEVERITIES, Trouble } from "./trouble";

interface Filter {
  readonly state: string;
  readonly severity: string;
  readonly concern: string;
  readonly model: string;
}

const EVERYTHING = "all";
/** What is asked for when the address says nothing: everything that is not over. */
const UNRESOLVED = "unresolved";

function filterOf(query: Query): Filter {
  const { state = UNRESOLVED, severity = EVERYTHING, concern = EVERYTHING, model = EVERYTHING } = query;
  return { state, severity, concern, model };
}

export function Alerts(): ReactNode {
  const { reads } = useApp();
  const alerts = useQuery(reads.alerts());
  const [query, choose] = useChoices();
  useAlertKeys();
  const filter = filterOf(query);
  return (
    <Panel what="the alerts" of={alerts} lines={6}>
      {(found) => (
        <>
          <Filters alerts={found.all} filter={filter} choose={choose} />
          {found.more ? <p className="quiet">{strings.alerts.onlyWorst(count(found.all.length))}</p> : null}
          <List alerts={found.all} filter={filter} />
        </>
      )}
    </Panel>
  );
}

interface FiltersProps {
  readonly alerts: readonly Alert[];
  readonly filter: Filter;
  readonly choose: Choose;
}

function Filters({ alerts, filter, choose }: FiltersProps): ReactNode {
  const models = [...new Map(alerts.map((alert) => [alert.model_id, alert.model_name]))];
  const concerns = [...new Set(alerts.map((alert) => alert.concern))];
  const all = [EVERYTHING, "All"] as const;
  return (
    <form className="filters" aria-label="Filter alerts" onSubmit={(event) => event.preventDefault()}>
      <Select
        label="State"
        value={filter.state}
        choose={(state) => choose({ state: state === UNRESOLVED ? null : state })}
        options={[
          [UNRESOLVED, "Not resolved"],
          ["open", "Open"],
          ["acknowledged", "Acknowledged"],
          ["snoozed", "Snoozed"],
          ["resolved", "Resolved"],
          all,
        ]}
      />
      <Select
        label="Severity"
        value={filter.severity}
        choose={(severity) => choose({ severity: severity === EVERYTHING ? null : severity })}
        options={[
          all,
          ...SEVERITIES.filter((name) => name !== "none").map((name) => [name, sentenceCase(word(name).text)] as const),
        ]}
      />
      <Select
        label="Concern"
        value={filter.concern}
        choose={(name) => choose({ concern: name === EVERYTHING ? null : name })}
        options={[all, ...concerns.map((name) => [name, concern(name)] as const)]}
      />
      <Select
        label="Model"
        value={filter.model}
        choose={(model) => choose({ model: model === EVERYTHING ? null : model })}
        options={[all, ...models]}
      />
    </form>
  );
}

function matches(alert: Alert, filter: Filter): boolean {
  const state =
    filter.state === EVERYTHING ||
    alert.state === filter.state ||
    (filter.state === UNRESOLVED && alert.state !== "resolved");
  const fits = (wanted: string, found: string): boolean => wanted === EVERYTHING || wanted === found;
  return (
    state &&
    fits(filter.severity, alert.severity) &&
    fits(filter.concern, alert.concern) &&
    fits(filter.model, alert.model_id)
  );
}

function List({ alerts, filter }: { alerts: readonly Alert[]; filter: Filter }): ReactNode {
  const shown = alerts.filter((alert) => matches(alert, filter)).sort(byUrgency);
  return (
    <>
      <p className="quiet" role="status">{`${counts(shown.length, "alert")} of ${alerts.length}`}</p>
      {shown.length === 0 ? (
        <Empty
          what={alerts.length ? "No alert matches." : "There is no alert."}
          hint={
            alerts.length
              ? "Choose other filters to see the others."
              : "Alerts appear here when a check finds something."
          }
        />
      ) : (
        <ul className="troubles">
          {shown.map((alert) => (
            <Trouble key={alert.id} alert={alert} named level="h2" actions={actions} dense />
          ))}
        </ul>
      )}
    </>
  );
}

/** j and k move the focus from alert to alert; e opens the acknowledgement of the one that has it. */
function useAlertKeys(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!isFree(event)) return;
      const rows = [...document.querySelectorAll<HTMLElement>(".troubles > .trouble")];
      const at = rows.findIndex((row) => row.contains(document.activeElement));
      if (event.key === "j") focusOn(rows[at + 1]);
      if (event.key === "k") focusOn(rows[Math.max(0, at - 1)]);
      if (event.key === "e") rows[at]?.querySelector<HTMLButtonElement>(".actions button")?.click();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

function focusOn(row: HTMLElement | undefined): void {
  row?.querySelector<HTMLElement>(".what a")?.focus();
  row?.scrollIntoView?.({ block: "nearest" });
}
