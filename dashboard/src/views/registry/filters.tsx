/** What narrows the list of models. Each is part of the address, so a view can be sent; those that are saved stay on this device. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useApp } from "../../app";
import { isAddress, Select, Typed } from "../../components/filters";
import { address, type Choose, type Query } from "../../router";
import { strings } from "../../strings";
import { cloud, frameworkName, word } from "../../words";

const text = strings.models;
const ALL = ["", text.all] as const;
/** What is chosen more seldom: folded away, so that the list itself is in view on a phone. */
const REST = ["checks", "verdict", "framework", "domain", "presence"];
/** Those that ask somebody to look, of drift, data quality and fairness. */
const VERDICTS = [
  "drift",
  "adverse_impact_indicated",
  "disparity_indicated",
  "difference_under_threshold",
  "faults",
  "issues",
  "not_enough_data",
  "not_comparable",
  "not_assessable",
];

interface FiltersProps {
  readonly choices: Query;
  readonly choose: Choose;
}

const named = (names: readonly string[], prefix = ""): (readonly [string, string])[] =>
  names.map((name) => [name, word(prefix + name).text] as const);

export function Filters({ choices, choose }: FiltersProps): ReactNode {
  const { reads, session } = useApp();
  const me = session.person.name;
  const frameworks = useQuery(reads.frameworks()).data ?? [];
  const active = [...new Set(frameworks.filter((one) => one.state === "active").map((one) => one.framework_id))];
  const select = (label: string, name: string, options: readonly (readonly [string, string])[]): ReactNode => (
    <Select
      label={label}
      value={choices[name] ?? ""}
      choose={(value) => choose({ [name]: value || null })}
      options={[ALL, ...options]}
    />
  );
  const mine = choices["owner"] === me;
  return (
    <form className="filters" aria-label={text.filter} onSubmit={(event) => event.preventDefault()}>
      <Typed label={text.search} name="name" choices={choices} choose={choose} />
      <Typed label={text.owner} name="owner" choices={choices} choose={choose} fits={isAddress} />
      {select(text.risk, "risk", named(["unacceptable", "high", "limited", "minimal", "undecided"], "risk_"))}
      {select(text.stage, "stage", named(["production", "staging", "development", "archived"]))}
      {select(text.status, "status", named(["draft", "under_review", "approved", "retired"]))}
      {select(
        text.cloud,
        "cloud",
        ["aws", "azure", "mlflow", "other"].map((name) => [name, cloud(name)] as const),
      )}
      <details className="more-filters" open={REST.some((name) => choices[name]) || undefined}>
        <summary>{text.moreFilters}</summary>
        <div className="filters">
          {select(text.checks, "checks", [
            ...named(["failing", "inconclusive", "passing"]),
            ["none", text.neverChecked],
          ])}
          {select(text.verdict, "verdict", named(VERDICTS))}
          {select(
            text.framework,
            "framework",
            active.map((id) => [id, frameworkName(id)] as const),
          )}
          <Typed label={text.domain} name="domain" choices={choices} choose={choose} hint={text.domainWhole} />
          {select(text.presence, "presence", named(["present", "gone", "unknown"]))}
        </div>
      </details>
      <div className="toolbar">
        <button type="button" aria-pressed={mine} onClick={() => choose({ owner: mine ? null : me })}>
          {text.mine}
        </button>
        <SavedViews choices={choices} />
      </div>
    </form>
  );
}

const KEY = "syndic.views";

type Saved = Readonly<Record<string, Query>>;

const isQuery = (found: unknown): boolean =>
  typeof found === "object" && found !== null && Object.values(found).every((one) => typeof one === "string");

/** What another version of this page, or somebody by hand, left there is passed over. */
export function readSaved(stored: string | null): Saved {
  try {
    const found: unknown = JSON.parse(stored ?? "{}");
    if (typeof found !== "object" || found === null || Array.isArray(found)) return {};
    return Object.fromEntries(Object.entries(found).filter((one): one is [string, Query] => isQuery(one[1])));
  } catch {
    return {};
  }
}

function SavedViews({ choices }: { choices: Query }): ReactNode {
  const [saved, setSaved] = useState(() => readSaved(localStorage.getItem(KEY)));
  const [name, setName] = useState("");
  const keep = (next: Saved): void => {
    localStorage.setItem(KEY, JSON.stringify(next));
    setSaved(next);
  };
  const names = Object.keys(saved).sort();
  return (
    <details className="saved">
      <summary>{text.saved(names.length)}</summary>
      <div className="stack">
        <ul className="stack tight">
          {names.map((one) => (
            <li key={one}>
              <a href={address(["models"], saved[one])}>{one}</a>
              <button
                type="button"
                className="plain"
                aria-label={text.forget(one)}
                onClick={() => keep(Object.fromEntries(Object.entries(saved).filter(([other]) => other !== one)))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
        <label>
          {text.saveAs}
          <input value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <button
          type="button"
          disabled={!name.trim()}
          onClick={() => {
            keep({ ...saved, [name.trim()]: choices });
            setName("");
          }}
        >
          {text.save}
        </button>
        <p className="quiet">{text.savedHere}</p>
      </div>
    </details>
  );
}
