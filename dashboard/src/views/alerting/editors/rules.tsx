/** Rules of one's own: when there is an alert beside what checks find, for which models they hold now, and who would be told. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type AlertRule, alertRule, alertRules, type RulePast } from "../../../api/alerting_reads";
import { answer } from "../../../api/client";
import { type ChangeRoute, useApp, useMay } from "../../../app";
import { Heads } from "../../../components/heads";
import { Empty, Panel } from "../../../components/panel";
import { Badge } from "../../../components/state";
import { day, sentenceCase } from "../../../format";
import { Action, type Values } from "../../../forms/action";
import { ChoiceField, LongField, NumberField, TextField } from "../../../forms/fields";
import { routing } from "../../../strings/routing";
import { word } from "../../../words";
import { SEVERITIES } from "../trouble";
import { free, lines, placeOf } from "./lists";
import { ToldList } from "./tried";

const text = routing.rule;
const ADD: ChangeRoute = "POST /api/v1/alerts/rules";
const SET: ChangeRoute = "PUT /api/v1/alerts/rules/{rule}";
const PLACE = placeOf({
  name: "name",
  title: "title",
  when: "when",
  absent: "evidence",
  "absent.evidence": "evidence",
  "absent.after": "after",
  severity: "severity",
  matchers: "matchers",
  remedy: "remedy",
  needed: "needed",
  windows: "windows",
});

export const severities = SEVERITIES.filter((name) => name !== "none")
  .reverse()
  .map((name) => [name, sentenceCase(word(name).text)] as const);

export function Rules(): ReactNode {
  const { api } = useApp();
  const rules = useQuery(alertRules(api));
  return (
    <section className="card" aria-labelledby="title-rules">
      <div className="card-head">
        <h2 id="title-rules">{routing.rules}</h2>
        <Action
          route={ADD}
          label={text.add}
          tone="primary"
          about={text.about}
          confirm={routing.save}
          otherwise="explain"
          told={({ name = "" }) => routing.saved(name)}
          touches={[["alert-rules"]]}
          place={PLACE}
          trial={{ label: routing.tryIt, run: useTrial() }}
          send={async (values, headers) => {
            const body = ruleOf(values);
            free(
              body.name,
              (rules.data ?? []).map(({ name }) => name),
            );
            return api.POST("/api/v1/alerts/rules", { body, headers });
          }}
        >
          <TextField name="name" label={routing.name} hint={routing.nameHint} required />
          <Fields />
        </Action>
      </div>
      <Panel what="the rules" of={rules} lines={4}>
        {(found) => (found.length ? <Table rules={found} /> : <Empty what={text.none} hint={text.noneHint} />)}
      </Panel>
    </section>
  );
}

function Table({ rules }: { rules: readonly AlertRule[] }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[routing.name, text.condition, routing.severity, text.models]} actions />
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.name}>
            <th scope="row">
              {rule.title}
              <span className="reason">{rule.name}</span>
            </th>
            <td data-label={text.condition}>
              <span>
                <code>{rule.when ?? (rule.absent ? text.missing(rule.absent.evidence, rule.absent.after) : "")}</code>
                {rule.windows > 1 ? <span className="reason">{text.looks(rule.needed, rule.windows)}</span> : null}
              </span>
            </td>
            <td data-label={routing.severity}>
              <Badge word={word(rule.severity)} />
            </td>
            <td data-label={text.models}>
              <span>{rule.matchers.join(", ") || routing.anything}</span>
            </td>
            <td>
              <Change rule={rule} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Change({ rule }: { rule: AlertRule }): ReactNode {
  const { api } = useApp();
  const kept = useQuery({ ...alertRule(api, rule.name), enabled: useMay()(SET) });
  const given = { params: { path: { rule: rule.name } } };
  const common = { touches: [["alert-rules"]], etag: kept.data?.etag };
  return (
    <div className="toolbar">
      <Action
        {...common}
        route={SET}
        label={routing.edit}
        title={text.editTitle(rule.name)}
        confirm={routing.save}
        told={routing.saved(rule.name)}
        place={PLACE}
        trial={{ label: routing.tryIt, run: useTrial(rule.name) }}
        send={(values, headers) => {
          const { name: _, ...body } = ruleOf({ ...values, name: rule.name });
          return api.PUT("/api/v1/alerts/rules/{rule}", { ...given, body, headers });
        }}
      >
        <Fields rule={rule} />
      </Action>
      <Action
        {...common}
        route="DELETE /api/v1/alerts/rules/{rule}"
        label={routing.remove}
        title={text.removeTitle(rule.name)}
        about={text.removeAbout}
        tone="danger"
        told={routing.removed(rule.name)}
        send={(_, headers) => api.DELETE("/api/v1/alerts/rules/{rule}", { ...given, headers })}
      />
    </div>
  );
}

function Fields({ rule }: { rule?: AlertRule }): ReactNode {
  return (
    <>
      <TextField name="title" label={text.title} hint={text.titleHint} required value={rule?.title ?? ""} />
      <LongField name="when" label={text.when} hint={text.whenHint} value={rule?.when ?? ""} />
      <TextField name="evidence" label={text.evidence} hint={text.evidenceHint} value={rule?.absent?.evidence ?? ""} />
      <TextField name="after" label={text.after} hint={text.afterHint} value={rule?.absent?.after ?? ""} />
      <ChoiceField
        name="severity"
        label={routing.severity}
        required
        value={rule?.severity ?? "medium"}
        options={severities}
      />
      <LongField
        name="matchers"
        label={routing.matchers}
        hint={routing.matchersHint}
        value={rule?.matchers.join("\n") ?? ""}
        rows={2}
      />
      <NumberField name="needed" label={text.needed} says min={1} max={12} step={1} value={`${rule?.needed ?? 1}`} />
      <NumberField name="windows" label={text.windows} says min={1} max={12} step={1} value={`${rule?.windows ?? 1}`} />
      <LongField name="remedy" label={text.remedy} rows={2} value={rule?.remedy ?? ""} />
    </>
  );
}

function ruleOf(values: Values): AlertRule {
  const { evidence, after } = values;
  return {
    name: values["name"] ?? "",
    title: values["title"] ?? "",
    when: values["when"] || null,
    absent: evidence || after ? { evidence: evidence ?? "", after: after ?? "" } : null,
    severity: (values["severity"] ?? "medium") as AlertRule["severity"],
    matchers: lines(values["matchers"]),
    needed: Number(values["needed"] || 1),
    windows: Number(values["windows"] || 1),
    remedy: values["remedy"] ?? "",
  };
}

function Past({ past }: { past: RulePast }): ReactNode {
  const shortened = Object.entries(past.shortened);
  return (
    <>
      <p>{text.raised(past.raised, past.models.length)}</p>
      {past.raised ? <ToldList told={past.tells} /> : null}
      {shortened.length ? (
        <>
          <p>{text.shortened(shortened.length)}</p>
          <ul>
            {shortened.slice(0, 5).map(([model, since]) => (
              <li key={model}>{text.from(model, day(since))}</li>
            ))}
          </ul>
        </>
      ) : null}
      {past.unread ? <p>{text.unread(past.unread)}</p> : null}
      <p className="quiet">{text.back}</p>
    </>
  );
}

/** `name`: that of a rule that is there already. */
function useTrial(name?: string): (values: Values) => Promise<ReactNode> {
  const { api } = useApp();
  return async (values) => {
    const body = ruleOf(name === undefined ? values : { ...values, name });
    const found = await answer(api.POST("/api/v1/alerts/rules/dry-run", { body }));
    const unjudged = Object.entries(found.unjudged);
    return (
      <>
        <p>{text.holds(found.holds.length, found.models)}</p>
        {found.holds.length ? <ToldList told={found.tells} say={text.tells} nobody={text.tellsNobody} /> : null}
        {unjudged.length ? (
          <>
            <p>{text.unjudged(unjudged.length)}</p>
            <ul>
              {unjudged.slice(0, 5).map(([model, reason]) => (
                <li key={model}>{`${model}: ${reason}`}</li>
              ))}
            </ul>
          </>
        ) : null}
        {found.past ? <Past past={found.past} /> : null}
      </>
    );
  };
}
