/** What enters into force and what runs out, by day: a list, because that is what a calendar of few dates is. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ModelDeadline } from "../../api/types";
import { useApp } from "../../app";
import { Select } from "../../components/filters";
import { Heads } from "../../components/heads";
import { Empty, Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { day, list } from "../../format";
import { address, useChoices } from "../../router";
import { strings } from "../../strings";
import { frameworkName } from "../../words";

const text = strings.compliance;
const DAYS = 730;
const MOST_MODELS = 10;

export function Dates(): ReactNode {
  const { reads } = useApp();
  const standings = useQuery(reads.overview());
  const rows = standings.data?.rows ?? [];
  const ids = rows.slice(0, MOST_MODELS).map((row) => row.model.id);
  const dates = useQuery({ ...reads.dates(ids, DAYS), enabled: standings.data !== undefined });
  return (
    <Panel what="the models" of={standings} lines={6}>
      {() => (
        <Panel what="the dates" of={dates} lines={6}>
          {(found) => (
            <>
              {rows.length > MOST_MODELS ? <p className="quiet">{text.firstModels(MOST_MODELS)}</p> : null}
              <Listed found={found} names={new Map(rows.map((row) => [row.model.id, row.model.name]))} />
            </>
          )}
        </Panel>
      )}
    </Panel>
  );
}

interface ListedProps {
  readonly found: readonly ModelDeadline[];
  readonly names: ReadonlyMap<string, string>;
}

const KINDS = {
  applies: { tone: "unsure", text: text.applies },
  expires: { tone: "warn", text: text.expires },
} as const;

function Listed({ found, names }: ListedProps): ReactNode {
  const [query, choose] = useChoices();
  const frameworks = [...new Set(found.map((one) => one.framework_id))].sort();
  const shown = found.filter(
    (one) =>
      (!query["framework"] || one.framework_id === query["framework"]) &&
      (!query["kind"] || one.kind === query["kind"]),
  );
  return (
    <>
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        <Select
          label={text.framework}
          value={query["framework"] ?? ""}
          choose={(framework) => choose({ framework: framework || null })}
          options={[["", strings.models.all], ...frameworks.map((id) => [id, frameworkName(id)] as const)]}
        />
        <Select
          label={text.kind}
          value={query["kind"] ?? ""}
          choose={(kind) => choose({ kind: kind || null })}
          options={[
            ["", strings.models.all],
            ["applies", text.applies],
            ["expires", text.expires],
          ]}
        />
      </form>
      {shown.length === 0 ? (
        <Empty what={text.noDates} />
      ) : (
        <table className="cards">
          <Heads names={[text.on, text.kind, text.framework, text.requirements, text.models]} />
          <tbody>
            {together(shown).map((group) => (
              <Row key={`${group[0].on} ${group[0].kind} ${group[0].framework_id}`} group={group} names={names} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

type Group = readonly [ModelDeadline, ...ModelDeadline[]];

/** Of one day, one kind and one framework. */
export function together(deadlines: readonly ModelDeadline[]): Group[] {
  const groups = new Map<string, [ModelDeadline, ...ModelDeadline[]]>();
  for (const one of deadlines) {
    const key = `${one.on.slice(0, 10)} ${one.kind} ${one.framework_id}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

function Row({ group, names }: { group: Group; names: ReadonlyMap<string, string> }): ReactNode {
  const [first] = group;
  const requirements = [...new Map(group.map((one) => [one.requirement_id, one]))];
  const models = [...new Set(group.map((one) => one.model_id))];
  return (
    <tr>
      <th scope="row" className="nowrap">
        {day(first.on)}
      </th>
      <td data-label={text.kind}>
        <Badge word={KINDS[first.kind]} />
      </td>
      <td data-label={text.framework}>
        <span>{frameworkName(first.framework_id)}</span>
      </td>
      <td data-label={text.requirements}>
        <details>
          <summary>{list(requirements.map(([id]) => id))}</summary>
          <ul className="stack tight">
            {requirements.map(([id, one]) => (
              <li key={id}>
                <b>{id}</b> {one.title}
                <span className="reason">{one.what}</span>
              </li>
            ))}
          </ul>
        </details>
      </td>
      <td data-label={text.models}>
        <ul>
          {models.map((id) => (
            <li key={id}>
              <a href={address(["models", id], { section: "compliance" })}>{names.get(id) ?? id}</a>
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
