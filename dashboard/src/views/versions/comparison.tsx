/** A version beside another, the one in production unless another is chosen: metrics, parameters, what it was made with. */

import type { ReactNode } from "react";
import type { ModelVersion, Versions } from "../../api/types";
import { Select } from "../../components/filters";
import { sentenceCase, words } from "../../format";
import { useChoices } from "../../router";
import { strings } from "../../strings";
import { metricText, testedRows, withInterval } from "./metrics";

const text = strings.versions;

interface ComparisonProps {
  readonly version: ModelVersion;
  readonly versions: readonly ModelVersion[];
  readonly stages: Versions["stages"];
}

export function Comparison({ version, versions, stages }: ComparisonProps): ReactNode {
  const [query, choose] = useChoices();
  const others = versions.filter((one) => one !== version);
  const inProduction = others.find((one) => stages.of?.[one.version] === "production");
  const other = others.find((one) => one.version === query["against"]) ?? inProduction ?? others[0];
  return (
    <div className="stack">
      <div className="card-head">
        <h3>{text.compare}</h3>
        {other ? (
          <form className="filters" onSubmit={(event) => event.preventDefault()}>
            <Select
              label={text.compareWith}
              value={other.version}
              choose={(against) => choose({ against })}
              options={others.map((one) => [one.version, nameOf(one, stages)] as const)}
            />
          </form>
        ) : null}
      </div>
      {other ? <Table version={version} other={other} /> : <Alone version={version} />}
    </div>
  );
}

function nameOf(version: ModelVersion, stages: Versions["stages"]): string {
  const stage = stages.of?.[version.version];
  return stage ? `${version.version} (${stage})` : version.version;
}

/** The only version has nothing beside it, but how it was made is on record all the same. */
function Alone({ version }: { version: ModelVersion }): ReactNode {
  const metrics = Object.entries(version.metrics ?? {}).map(([name, value]) => [
    sentenceCase(words(name)),
    metricText(value),
  ]);
  const made = facts(version, version).map(([name, said]) => [name, said]);
  return (
    <>
      <p className="quiet">{text.noCompare}</p>
      <table className="cards comparison">
        <caption>{text.parameters}</caption>
        <tbody>
          {[...metrics, ...made].map(([name, said]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-label={version.version}>
                <span>{said}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

type Facts = Readonly<Record<string, unknown>>;

function Table({ version, other }: { version: ModelVersion; other: ModelVersion }): ReactNode {
  return (
    <>
      <table className="cards comparison">
        <caption className="visually-hidden">{`${other.version} and ${version.version}`}</caption>
        <thead>
          <tr>
            <th scope="col">{text.measure}</th>
            <th scope="col" className="number">
              {other.version}
            </th>
            <th scope="col" className="number">
              {version.version}
            </th>
            <th scope="col" className="number">
              {text.difference}
            </th>
          </tr>
        </thead>
        <tbody>
          {namesOf(other.metrics, version.metrics).map((name) => (
            <Row
              key={name}
              name={sentenceCase(words(name))}
              before={withInterval(name, other)}
              after={withInterval(name, version)}
              difference={difference(other.metrics?.[name], version.metrics?.[name])}
            />
          ))}
          {facts(other, version).map(([name, before, after]) => (
            <Row key={name} name={name} before={before} after={after} difference={before === after ? "" : "≠"} />
          ))}
        </tbody>
      </table>
      <p className="quiet">{[other, version].some(testedRows) ? text.someIntervals : text.noInterval}</p>
    </>
  );
}

function Row(props: { name: string; before: string; after: string; difference: string }): ReactNode {
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <td className="number wrap" data-label={strings.versions.compareWith}>
        <span>{props.before}</span>
      </td>
      <td className="number wrap" data-label={strings.versions.version}>
        <span>{props.after}</span>
      </td>
      <td className="number" data-label={strings.versions.difference}>
        <span>{props.difference}</span>
      </td>
    </tr>
  );
}

function namesOf(...records: readonly (Facts | undefined)[]): string[] {
  return [...new Set(records.flatMap((one) => Object.keys(one ?? {})))].sort();
}

/** Signed, with as many digits as the metrics have. */
export function difference(before: unknown, after: unknown): string {
  if (typeof before !== "number" || typeof after !== "number") return "";
  const by = after - before;
  return by > 0 ? `+${metricText(by)}` : metricText(by);
}

function facts(other: ModelVersion, version: ModelVersion): [string, string, string][] {
  const parameters = namesOf(other.hyperparameters, version.hyperparameters).map((name): [string, string, string] => [
    name,
    shown(other.hyperparameters?.[name]),
    shown(version.hyperparameters?.[name]),
  ]);
  const made = (["algorithm", "framework", "commit", "run_id", "artefact_location"] as const).map(
    (name): [string, string, string] => [sentenceCase(words(name)), shown(other[name]), shown(version[name])],
  );
  const trained = (["rows", "features", "dataset_sha256"] as const).map((name): [string, string, string] => [
    `Training data: ${words(name)}`,
    shown(other.training?.[name]),
    shown(version.training?.[name]),
  ]);
  return [...parameters, ...made, ...trained].filter(([, before, after]) => before !== "–" || after !== "–");
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  const said = typeof value === "string" ? value : JSON.stringify(value);
  return /^[0-9a-f]{32,}$/.test(said) ? said.slice(0, 12) : said;
}
