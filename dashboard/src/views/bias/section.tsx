/** Fairness: the model's own decisions first, in one sentence; then every group by every measure, and what adds up over time. */

import { Tabs } from "@base-ui/react/tabs";
import { type ReactNode, useId } from "react";
import type { AttributeBias, BiasReport } from "../../api/types";
import { IntakeLine } from "../../components/intake";
import { Empty, Warnings } from "../../components/panel";
import { Badge, Icon, StateBadge } from "../../components/state";
import { Since, WindowName } from "../../components/time";
import { count, percent, sentenceCase, words } from "../../format";
import { useChoices } from "../../router";
import { bias as text } from "../../strings/bias";
import { OUTCOMES, word } from "../../words";
import { Assessments } from "./assessments";
import { Forest } from "./forest";
import { Hints } from "./hints";
import { History } from "./history";
import { type Chosen, GroupMap } from "./map";
import { attributesOf, type Comparison, comparisons, shortMeasure } from "./measure";
import { sentence } from "./sentence";

/** `outcome` in the address chooses the tab; otherwise what the model does comes first, as the API lists it. */
export function Fairness({ id, reports }: { id: string; reports: readonly BiasReport[] }): ReactNode {
  const [query, choose] = useChoices();
  const chosen = reports.find((report) => report.outcome === query["outcome"]) ?? reports[0];
  if (!chosen) return <Empty what={text.notExamined} hint={text.notExaminedHint} />;
  if (reports.length === 1) return <Report id={id} report={chosen} />;
  return (
    <Tabs.Root
      className="panel"
      value={chosen.outcome}
      onValueChange={(outcome: string) => choose({ outcome, of: null, group: null, metric: null })}
    >
      <Tabs.List className="tabs" aria-label={text.outcome} activateOnFocus>
        {reports.map((report) => (
          <Tabs.Tab value={report.outcome} key={report.outcome}>
            <Icon tone={word(report.verdict).tone} />
            {OUTCOMES[report.outcome]?.name ?? report.outcome}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel className="panel" value={chosen.outcome}>
        <Report id={id} report={chosen} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

/** `of`, `group` and `metric` in the address choose a comparison; otherwise the one that decided is shown. */
function useChosen(report: BiasReport): readonly [Chosen | null, (chosen: Partial<Chosen>) => void, Comparison | null] {
  const [query, choose] = useChoices();
  const all = comparisons(report);
  const decided = all[0] ?? null;
  const attributes = attributesOf(report);
  const start = decided ?? firstOf(attributes);
  const attribute = attributes.find(([name]) => name === query["of"]);
  const group = query["group"];
  const there = attribute && group && attribute[1].groups[group] ? { name: attribute[0], group } : start;
  const chosen =
    there && start ? { name: there.name, group: there.group, metric: query["metric"] ?? start.metric } : null;
  return [
    chosen,
    (wanted) => {
      const next = { ...chosen, ...wanted };
      choose({ of: next.name ?? null, group: next.group ?? null, metric: next.metric ?? null });
    },
    decided,
  ];
}

function firstOf(attributes: readonly (readonly [string, AttributeBias])[]): Chosen | null {
  for (const [name, attribute] of attributes) {
    const group = Object.keys(attribute.groups)[0];
    if (group) return { name, group, metric: "disparate_impact" };
  }
  return null;
}

function Report({ id, report }: { id: string; report: BiasReport }): ReactNode {
  const [chosen, choose, decided] = useChosen(report);
  const attributes = attributesOf(report);
  const attribute = attributes.find(([name]) => name === chosen?.name)?.[1];
  return (
    <>
      <div className="stack">
        <p>
          <StateBadge name={report.verdict} /> <span className="quiet">{about(report)}</span>
        </p>
        {decided ? <p className="in-a-sentence">{sentence(decided, report.outcome)}</p> : null}
        <p>{sentenceCase(report.reason)}</p>
        {rows(report)}
        <IntakeLine intake={report.intake} />
        <Warnings of={[...unsaid(report), ...(report.warnings ?? [])]} />
      </div>
      {attributes.length === 0 ? (
        <Empty what={text.noAttribute} hint={report.reason} />
      ) : (
        <Attributes of={attributes} />
      )}
      {chosen && attribute ? (
        <>
          <GroupMap report={report} chosen={chosen} choose={choose} />
          <Comparing report={report} attribute={attribute} chosen={chosen} decided={decided} />
          <History id={id} report={report} chosen={chosen} threshold={threshold(attribute, report, chosen.metric)} />
        </>
      ) : null}
      <Assessments id={id} />
    </>
  );
}

function Attributes({ of }: { of: readonly (readonly [string, AttributeBias])[] }): ReactNode {
  return (
    <div className="stack">
      <h3>{text.byAttribute}</h3>
      <dl className="by-state">
        {of.map(([name, attribute]) => (
          <div key={name}>
            <dt>
              {words(name)}{" "}
              {attribute.attributes.length > 1 ? <small className="quiet">{text.combination}</small> : null}
            </dt>
            <dd>
              <Badge word={word(attribute.verdict)} />{" "}
              <span>
                {text.meanings[attribute.verdict] ?? sentenceCase(attribute.reason)}
                {attribute.worst_off
                  ? text.worstOff(attribute.worst_off.group, attribute.worst_off.compared_with)
                  : ` ${sentenceCase(attribute.reason).replace(/\.?$/, ".")}`}
              </span>
              {attribute.caveat ? <span className="reason">{attribute.caveat}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

interface ComparingProps {
  readonly report: BiasReport;
  readonly attribute: AttributeBias;
  readonly chosen: Chosen;
  readonly decided: Comparison | null;
}

function Comparing({ report, attribute, chosen, decided }: ComparingProps): ReactNode {
  const id = useId();
  const isDecisive = decided?.name === chosen.name && decided.metric === chosen.metric;
  const shown = comparisons(report).find(
    (one) => one.name === chosen.name && one.group === chosen.group && one.metric === chosen.metric,
  );
  return (
    <div className="stack" role="group" aria-labelledby={id} aria-live="polite">
      <h3 id={id}>{`${words(chosen.name)}: ${shortMeasure(chosen.metric)}`}</h3>
      <p>
        {isDecisive ? <span className="quiet">{text.decided}</span> : null}
        {shown && (shown.group !== decided?.group || !isDecisive) ? ` ${sentence(shown, report.outcome)}` : null}
      </p>
      <Forest
        name={chosen.name}
        attribute={attribute}
        metric={chosen.metric}
        threshold={threshold(attribute, report, chosen.metric)}
        focus={chosen.group}
      />
      <Hints
        found={(report.hints ?? []).filter(
          (hint) => attribute.attributes.length === 1 && attribute.attributes[0] === hint.attribute,
        )}
      />
    </div>
  );
}

/** What was asked for and could not be judged, where the reason does not say it already. */
function unsaid(report: BiasReport): string[] {
  return (report.unjudged ?? []).filter((one) => !report.reason.includes(one)).map(text.notJudged);
}

function about(report: BiasReport): ReactNode {
  const favourable = (report.favourable ?? []).join(text.or);
  const labels = (report.favourable_label ?? []).join(text.or);
  return (
    <>
      {text.about(OUTCOMES[report.outcome]?.what ?? report.outcome)}
      {report.column ? text.column(report.column) : ""}
      {favourable ? text.favourable(favourable) : ""}
      {labels && labels !== favourable ? text.favourableLabel(labels) : ""}
      {report.window ? (
        <>
          {text.window}
          <WindowName window={report.window} />
        </>
      ) : null}
      {text.examined}
      <Since at={report.checked_at} />.
    </>
  );
}

function rows(report: BiasReport): ReactNode {
  const { read, used, without_outcome, labelled, label_coverage } = report.rows;
  const labels = label_coverage == null ? "" : text.labels(count(labelled ?? 0), percent(label_coverage));
  return <p className="quiet">{`${text.rows(count(read), count(used), count(without_outcome ?? 0))}${labels}`}</p>;
}

function threshold(attribute: AttributeBias, report: BiasReport, metric: string): number | null {
  for (const group of Object.values(attribute.groups)) {
    const judged = group.judgements?.[metric];
    if (judged) return judged.threshold;
  }
  const rules = report.policy.fairness_metrics ?? [];
  return rules.find((rule) => rule.metric === metric)?.threshold ?? null;
}
