/** Frameworks and models at a glance, the dates of the law, and who has promised what: each a view of its own address. */

import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ModelStatus } from "../../api/types";
import { useApp } from "../../app";
import { Empty, Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { list } from "../../format";
import { address, useChoices } from "../../router";
import { useTitle } from "../../shell/title";
import { strings } from "../../strings";
import { frameworkName, word } from "../../words";
import { Dates } from "./dates";
import { Remedies } from "./remedies";
import { Signatures } from "./signed";
import { STATES } from "./states";

const text = strings.compliance;

const VIEWS = [
  ["matrix", text.matrix],
  ["dates", text.dates],
  ["remedies", text.remedies],
  ["signatures", text.signatures],
] as const;

export function CompliancePage(): ReactNode {
  const [query, choose] = useChoices();
  useTitle(text.title);
  const view = VIEWS.find(([name]) => name === query["view"])?.[0] ?? "matrix";
  return (
    <>
      <div className="lead">
        <h1>{text.title}</h1>
        <p className="quiet">{text.notice}</p>
      </div>
      <Tabs.Root
        className="panel"
        value={view}
        onValueChange={(name: string) => choose({ view: name === "matrix" ? null : name })}
      >
        <Tabs.List className="tabs" aria-label={text.views}>
          {VIEWS.map(([name, title]) => (
            <Tabs.Tab value={name} key={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={view} key={view} className="panel">
          <section className="card" aria-label={VIEWS.find(([name]) => name === view)?.[1]}>
            {view === "matrix" ? <Matrix /> : null}
            {view === "dates" ? <Dates /> : null}
            {view === "remedies" ? <Remedies /> : null}
            {view === "signatures" ? <Signatures /> : null}
          </section>
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}

function Matrix(): ReactNode {
  const { reads } = useApp();
  const frameworks = useQuery(reads.frameworks());
  const active = [
    ...new Set((frameworks.data ?? []).filter((one) => one.state === "active").map((one) => one.framework_id)),
  ];
  const portfolio = useQuery({ ...reads.portfolio(active), enabled: active.length > 0 });
  return (
    <Panel what="the frameworks" of={frameworks} lines={6}>
      {() => (
        <Panel what="where the models stand" of={portfolio} lines={6}>
          {({ statuses, more }) =>
            statuses.length === 0 ? (
              <Empty what={text.noModels} hint={text.noModelsHint} />
            ) : (
              <>
                <Table frameworks={active.filter((one) => applies(one, statuses))} statuses={statuses} />
                <Elsewhere frameworks={active.filter((one) => !applies(one, statuses))} />
                {more ? <p className="quiet">{text.more(100)}</p> : null}
              </>
            )
          }
        </Panel>
      )}
    </Panel>
  );
}

/** Whether anything of a framework is known to apply to any model. */
function applies(framework: string, statuses: readonly ModelStatus[]): boolean {
  return statuses.some((one) => one.framework_id === framework && one.applicable > 0);
}

/** What applies to nobody takes no column, and is named all the same. */
function Elsewhere({ frameworks }: { frameworks: readonly string[] }): ReactNode {
  if (frameworks.length === 0) return null;
  return <p className="quiet">{text.elsewhere(list(frameworks.map(frameworkName), 20))}</p>;
}

function Table({
  frameworks,
  statuses,
}: {
  frameworks: readonly string[];
  statuses: readonly ModelStatus[];
}): ReactNode {
  const models = [...new Map(statuses.map((one) => [one.model_id, one.model_name]))].sort(([, one], [, other]) =>
    one.localeCompare(other),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="scroll" role="region" aria-label={text.caption} tabIndex={0}>
      <table className="cards portfolio">
        <caption className="visually-hidden">{text.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{text.model}</th>
            {frameworks.map((framework) => (
              <th scope="col" key={framework}>
                {frameworkName(framework)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map(([id, name]) => (
            <tr key={id}>
              <th scope="row">
                <a href={address(["models", id], { section: "compliance" })}>{name}</a>
              </th>
              {frameworks.map((framework) => (
                <td key={framework} data-label={frameworkName(framework)}>
                  <Cell of={statuses.find((one) => one.model_id === id && one.framework_id === framework)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The most urgent state with its number, then how much of what applies is met; what blocks is said first. */
function Cell({ of }: { of: ModelStatus | undefined }): ReactNode {
  if (!of) return <span className="quiet">{text.notEvaluated}</span>;
  const first = STATES.find((state) => (of.counts[state] ?? 0) > 0);
  const worst = word(first);
  const applies = of.applicable > 0;
  return (
    <a
      className="to-badge"
      href={address(["models", of.model_id], { section: "compliance", framework: of.framework_id })}
    >
      {of.blocking.length ? <Badge word={{ tone: "bad", text: text.blocking(of.blocking.length) }} /> : null}
      {first ? <Badge word={{ tone: worst.tone, text: `${of.counts[first]} ${worst.text}` }} /> : null}
      <span className="reason">{applies ? text.ofApplicable(of.met, of.applicable) : text.noneApplies}</span>
    </a>
  );
}
