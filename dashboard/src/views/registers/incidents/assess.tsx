/** What people decide of an incident. Undecided stays undecided: its clock runs on. */

import type { ReactNode } from "react";
import type { Values } from "../../../forms/action";
import { ChoiceField, LongField } from "../../../forms/fields";
import { MomentField, moment } from "../../../forms/moment";
import { incidents as text } from "../../../strings/incidents";
import { chosen, decided, ManyField, options, UndecidedField } from "../fields";
import { type Assessment, HARMS, type IncidentView } from "./types";

const SUPPLIERS = ["importer", "distributor"] as const;
const INFORMED = [...SUPPLIERS, "notified_body"] as const;
const YES_NO = [
  ["no", "no"],
  ["yes", "yes"],
] as const;

export function AssessFields({ view }: { view: IncidentView }): ReactNode {
  const found = view.assessment ?? {};
  const deploys = view.roles.includes("deployer");
  const provides = view.roles.includes("provider");
  return (
    <>
      <UndecidedField name="serious" label={text.serious} hint={text.seriousHint} value={found.serious} />
      <LongField name="serious_reason" label={text.seriousReason} value={found.serious_reason ?? ""} />
      {(deploys || provides) && (
        <UndecidedField
          name="presents_risk"
          label={text.presentsRisk}
          hint={text.presentsRiskHint}
          value={found.presents_risk}
        />
      )}
      {provides && <MomentField name="risk_aware_at" label={text.riskAware} value={found.risk_aware_at} />}
      <ManyField name="harms" legend={text.harms} options={options(HARMS, text.harmNames)} held={found.harms ?? []} />
      <ChoiceField
        name="causal_link"
        label={text.link}
        required
        value={found.causal_link ?? "unknown"}
        options={options(Object.keys(text.linkNames), text.linkNames)}
      />
      <MomentField name="causal_link_at" label={text.linkAt} value={found.causal_link_at} />
      <UndecidedField name="high_risk" label={text.highRisk} value={found.high_risk} />
      <Said name="widespread" label={text.widespread} hint={text.widespreadHint} value={found.widespread} />
      <UndecidedField
        name="personal_data_breach"
        label={text.breach}
        hint={text.breachHint}
        value={found.personal_data_breach}
      />
      <LongField name="breach_reason" label={text.breachReason} value={found.breach_reason ?? ""} />
      <MomentField name="breach_aware_at" label={text.breachAware} value={found.breach_aware_at} />
      <ChoiceField
        name="breach_risk"
        label={text.breachRisk}
        required
        value={found.breach_risk ?? "unknown"}
        options={options(Object.keys(text.breachRisks), text.breachRisks)}
      />
      <LongField name="breach_risk_reason" label={text.breachRiskReason} value={found.breach_risk_reason ?? ""} />
      <LongField name="persons_exempt" label={text.exempt} hint={text.exemptHint} value={found.persons_exempt ?? ""} />
      <ChoiceField
        name="limit"
        label={text.limit}
        required
        value={found.limit ?? "none"}
        options={options(Object.keys(text.limits), text.limits)}
      />
      <LongField name="limit_reason" label={text.limitReason} value={found.limit_reason ?? ""} />
      <Said name="ai_office_competent" label={text.aiOffice} value={found.ai_office_competent} />
      {deploys ? (
        <Said name="provider_unreachable" label={text.unreachable} value={found.provider_unreachable} />
      ) : null}
      <Informed view={view} />
    </>
  );
}

function Informed({ view }: { view: IncidentView }): ReactNode {
  const whom = INFORMED.filter((one) => view.roles.includes(one === "notified_body" ? "provider" : "deployer"));
  return whom.length ? (
    <ManyField
      name="also_inform"
      legend={text.inform}
      options={options(whom, text.recipients)}
      held={view.assessment?.also_inform ?? []}
    />
  ) : null;
}

interface SaidProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: boolean | undefined;
}

function Said({ value, ...props }: SaidProps): ReactNode {
  return <ChoiceField {...props} required value={value ? "yes" : "no"} options={YES_NO} />;
}

/** The whole assessment, for it is replaced as a whole; what the form does not ask stays. */
export function assessmentOf(before: Assessment, values: Values): Assessment {
  const said = (name: string): boolean => values[name] === "yes";
  const written = (name: string): string => values[name] ?? "";
  return {
    ...before,
    serious: decided(values["serious"]),
    serious_reason: written("serious_reason"),
    ...("presents_risk" in values ? { presents_risk: decided(values["presents_risk"]) } : {}),
    ...("risk_aware_at" in values ? { risk_aware_at: moment(values["risk_aware_at"]) } : {}),
    harms: chosen(values, "harms", HARMS),
    widespread: said("widespread"),
    high_risk: decided(values["high_risk"]),
    causal_link: written("causal_link") as NonNullable<Assessment["causal_link"]>,
    causal_link_at: moment(values["causal_link_at"]),
    limit: written("limit") as NonNullable<Assessment["limit"]>,
    limit_reason: written("limit_reason"),
    ai_office_competent: said("ai_office_competent"),
    provider_unreachable: said("provider_unreachable"),
    also_inform: chosen(values, "also_inform", INFORMED),
    personal_data_breach: decided(values["personal_data_breach"]),
    breach_reason: written("breach_reason"),
    breach_aware_at: moment(values["breach_aware_at"]),
    breach_risk: written("breach_risk") as NonNullable<Assessment["breach_risk"]>,
    breach_risk_reason: written("breach_risk_reason"),
    persons_exempt: written("persons_exempt"),
  };
}
