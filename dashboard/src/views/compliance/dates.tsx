/** What enters into force and what runs out, by day: a list, because that is what a calendar of few dates is. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { LegalDate } from "../../api/types";
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

export function Dates(): ReactNode {
  const dates = useQuery(useApp().reads.dates(DAYS));
  return (
    <Panel what="the dates" of={dates} lines={6}>
      {(found) => (
        <>
          {found.more ? <p className="quiet">{text.firstModels}</p> : null}
          <Listed found={found.dates} />
        </>
      )}
    </Panel>
  );
}

const KINDS = {
  applies: { tone: "unsure", text: text.applies },
  expires: { tone: "warn", text: text.expires },
} as const;

function Listed({ found }: { found: readonly LegalDate[] }): ReactNode {
  const [query, choose] = useChoices();
  const me = useApp().session.person.name;
  const frameworks = [...new Set(found.map((one) => one.framework_id))].sort();
  const shown = found.filter(
    (one) =>
      (!query["framework"] || one.framework_id === query["framework"]) &&
      (!query["kind"] || one.kind === query["kind"]) &&
      (!query["owner"] || one.owner === query["owner"]),
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
        <div className="toolbar">
          <button
            type="button"
            aria-pressed={query["owner"] === me}
            onClick={() => choose({ owner: query["owner"] === me ? null : me })}
          >
            {strings.models.mine}
          </button>
        </div>
      </form>
      {shown.length === 0 ? (
        <Empty what={found.length ? text.noDatesMatch : text.noDates} />
      ) : (
        <table className="cards">
          <Heads names={[text.on, text.kind, text.framework, text.requirements, text.models]} />
          <tbody>
            {together(shown).map((group) => (
              <Row key={`${group[0].on} ${group[0].kind} ${group[0].framework_id}`} group={group} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

type Group = readonly [LegalDate, ...LegalDate[]];

/** Of one day, one kind and one framework. */
export function together(dates: readonly LegalDate[]): Group[] {
  const groups = new Map<string, [LegalDate, ...LegalDate[]]>();
  for (const one of dates) {
    const key = `${one.on.slice(0, 10)} ${one.kind} ${one.framework_id}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

const FEW = 5;

function Row({ group }: { group: Group }): ReactNode {
  const [first] = group;
  const requirements = [...new Set(group.flatMap((one) => one.requirements))].sort();
  const models = [...new Map(group.map((one) => [one.model_id, one.model_name]))];
  const what = [...new Set(group.map((one) => one.what))];
  return (
    <tr>
      <th scope="row" className="nowrap">
        {day(first.on)}
      </th>
      <td data-label={text.kind}>
        <div>
          <Badge word={KINDS[first.kind]} />
          {first.kind === "expires" ? <span className="reason">{list(what, 3)}</span> : null}
        </div>
      </td>
      <td data-label={text.framework}>
        <span>{frameworkName(first.framework_id)}</span>
      </td>
      <td data-label={text.requirements}>
        {requirements.length <= FEW ? (
          <span>{list(requirements, FEW)}</span>
        ) : (
          <details>
            <summary>{list(requirements)}</summary>
            <p>{requirements.join(", ")}</p>
          </details>
        )}
      </td>
      <td data-label={text.models}>
        <Models of={models} />
      </td>
    </tr>
  );
}

function Models({ of }: { of: readonly (readonly [string, string])[] }): ReactNode {
  const links = of.map(([id, name]) => (
    <li key={id}>
      <a href={address(["models", id], { section: "compliance" })}>{name}</a>
    </li>
  ));
  if (of.length <= FEW) return <ul>{links}</ul>;
  return (
    <details>
      <summary>{text.models_(of.length)}</summary>
      <ul>{links}</ul>
    </details>
  );
}
