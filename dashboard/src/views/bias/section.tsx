/** Fairness: for each outcome and protected attribute, every group with its number, its uncertainty and a verdict. */

import { Tabs } from "@base-ui/react/tabs";
import { type ReactNode, useId } from "react";
import type { AttributeBias, BiasReport } from "../../api/types";
import { IntakeLine } from "../../components/intake";
import { Empty, Warnings } from "../../components/panel";
import { Badge, StateBadge } from "../../components/state";
import { Since, WindowName } from "../../components/time";
import { count, percent, sentenceCase, words } from "../../format";
import { useChoices } from "../../router";
import { OUTCOMES, type Word, word } from "../../words";
import { Forest } from "./forest";
import { Hints } from "./hints";

/** `outcome` in the address chooses the tab; otherwise the worst verdict is shown, of equal ones what the model does. */
export function Fairness({ reports }: { reports: readonly BiasReport[] }): ReactNode {
  const [query, choose] = useChoices();
  if (reports.length === 0) {
    return (
      <Empty
        what="Fairness was not examined yet."
        hint="It is examined once a complete window of captured traffic is available and the model's fairness policy names an outcome and at least one protected attribute."
      />
    );
  }
  const chosen = reports.find((report) => report.outcome === query["outcome"]) ?? worst(reports);
  if (reports.length === 1) return reportView(chosen);
  return (
    <Tabs.Root className="panel" value={chosen.outcome} onValueChange={(outcome: string) => choose({ outcome })}>
      <Tabs.List className="tabs" aria-label="Outcome" activateOnFocus>
        {reports.map((report) => (
          <Tabs.Tab value={report.outcome} key={report.outcome}>
            {OUTCOMES[report.outcome]?.name ?? report.outcome}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel className="panel" value={chosen.outcome}>
        {reportView(chosen)}
      </Tabs.Panel>
    </Tabs.Root>
  );
}

/** Findings of both kinds are equal here: the API puts what the model does before what is on record. */
const RANKS: Readonly<Record<string, number>> = {
  adverse_impact_indicated: 0,
  disparity_indicated: 0,
  inconclusive: 1,
  difference_under_threshold: 2,
  no_indication: 3,
  not_assessable: 4,
};

function worst(reports: readonly BiasReport[]): BiasReport {
  const rank = (report: BiasReport): number => RANKS[report.verdict] ?? 0;
  return [...reports].sort((one, other) => rank(one) - rank(other))[0] as BiasReport;
}

function reportView(report: BiasReport): ReactNode {
  const attributes = Object.entries(report.attributes ?? {});
  const crossed = Object.entries(report.intersections ?? {});
  return (
    <>
      <div className="stack">
        <p>
          <StateBadge name={report.verdict} /> <span className="quiet">{about(report)}</span>
        </p>
        <p>{sentenceCase(report.reason)}</p>
        {rows(report)}
        <IntakeLine intake={report.intake} />
        <Warnings of={[...unsaid(report), ...(report.warnings ?? [])]} />
      </div>
      {attributes.length === 0 ? (
        <Empty what="No protected attribute was examined." hint={report.reason} />
      ) : (
        attributes.map(([name, attribute]) => (
          <Attribute key={name} name={name} attribute={attribute} report={report} />
        ))
      )}
      {crossed.length === 0 ? null : (
        <details>
          <summary>{`Combinations of attributes (${crossed.length})`}</summary>
          <div className="panel">
            {crossed.map(([name, attribute]) => (
              <Attribute key={name} name={name} attribute={attribute} report={report} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

/** What was asked for and could not be judged, where the reason does not say it already. */
function unsaid(report: BiasReport): string[] {
  return (report.unjudged ?? []).filter((one) => !report.reason.includes(one)).map((one) => `Not judged: ${one}`);
}

function about(report: BiasReport): ReactNode {
  const outcome = OUTCOMES[report.outcome];
  const favourable = (report.favourable ?? []).join(" or ");
  const labels = (report.favourable_label ?? []).join(" or ");
  return (
    <>
      {`Outcome: ${outcome ? outcome.what : report.outcome}`}
      {report.column ? ` (column ${report.column})` : ""}
      {favourable ? `; favourable: ${favourable}` : ""}
      {labels && labels !== favourable ? `; favourable label: ${labels}` : ""}
      {report.window ? (
        <>
          {". Window: "}
          <WindowName window={report.window} />
        </>
      ) : null}
      {". Examined "}
      <Since at={report.checked_at} />.
    </>
  );
}

function rows(report: BiasReport): ReactNode {
  const { read, used, without_outcome, labelled, label_coverage } = report.rows;
  const labels = label_coverage === null ? "" : ` ${count(labelled)} have a label (${percent(label_coverage)}).`;
  return (
    <p className="quiet">{`${count(read)} rows read = ${count(used)} used + ${count(without_outcome)} without an outcome.${labels}`}</p>
  );
}

/** The wording of the four-fifths rule's combined answer. */
const MEANINGS: Readonly<Record<string, string>> = {
  adverse_impact_indicated: "The ratio of selection rates is beyond the threshold, and beyond chance.",
  disparity_indicated: "A measure other than the ratio is beyond its threshold, and beyond chance.",
  inconclusive: "The numbers are too small to tell.",
  difference_under_threshold: "Beyond chance, but within the threshold: worth a review.",
  no_indication: "Within the threshold, uncertainty included.",
  not_assessable: "It could not be judged.",
};

interface AttributeProps {
  readonly name: string;
  readonly attribute: AttributeBias;
  readonly report: BiasReport;
}

function Attribute({ name, attribute, report }: AttributeProps): ReactNode {
  const verdict: Word = word(attribute.verdict);
  const id = useId();
  const worstOff = attribute.worst_off;
  return (
    <div className="stack" role="group" aria-labelledby={id}>
      <div className="card-head">
        <h3 id={id}>{words(name)}</h3>
        <Badge word={verdict} />
      </div>
      <p>
        <b>{`${MEANINGS[attribute.verdict] ?? ""} `}</b>
        {toldByGroup(attribute) ? "" : sentenceCase(attribute.reason).replace(/\.?$/, ".")}
        {worstOff ? ` Worst off: ${worstOff.group}, compared with ${worstOff.compared_with}.` : ""}
      </p>
      {attribute.caveat ? <p className="quiet">{attribute.caveat}</p> : null}
      <Forest name={name} attribute={attribute} threshold={threshold(attribute, report)} />
      <Hints
        found={(report.hints ?? []).filter(
          (hint) => attribute.attributes.length === 1 && attribute.attributes[0] === hint.attribute,
        )}
      />
    </div>
  );
}

/** Whether the reason of a group, in the table below, already says what the attribute's reason says. */
function toldByGroup({ reason, groups }: AttributeBias): boolean {
  return Object.entries(groups).some(([name, group]) => reason === `${name}: ${group.reason}`);
}

function threshold(attribute: AttributeBias, report: BiasReport): number | null {
  for (const group of Object.values(attribute.groups)) {
    const judged = group.judgements?.["disparate_impact"];
    if (judged) return judged.threshold;
  }
  const rules = report.policy.fairness_metrics ?? [];
  return rules.find((rule) => rule.metric === "disparate_impact")?.threshold ?? null;
}
