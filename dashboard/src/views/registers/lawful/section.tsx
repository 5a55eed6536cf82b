/** What a model's file holds by the AI Act, below its compliance: each part is read when it is opened, and which one is stands in the address. */

import type { ReactNode } from "react";
import { useChoices } from "../../../router";
import { highRisk } from "../../../strings/high_risk";
import { lawful as text } from "../../../strings/lawful";
import { ConformityPart } from "./conformity";
import { HighRiskPart } from "./high_risk";
import { PlanPart } from "./plan";
import { RegistrationPart } from "./registration";

const PARTS = [
  ["plan", text.plan, PlanPart],
  ["high-risk", highRisk.title, HighRiskPart],
  ["conformity", text.conformity, ConformityPart],
  ["registration", text.registration, RegistrationPart],
] as const;

export function LawfulFile({ id }: { id: string }): ReactNode {
  const [query, choose] = useChoices();
  return (
    <div className="stack">
      <h3>{text.heading}</h3>
      {PARTS.map(([name, title, Part]) => {
        const open = query["file"] === name;
        return (
          <details
            className="by-requirement"
            key={name}
            open={open}
            onToggle={({ currentTarget }) => {
              if (currentTarget.open !== open) choose({ file: currentTarget.open ? name : null });
            }}
          >
            <summary>{title}</summary>
            {open ? (
              <div className="stack">
                <Part id={id} />
              </div>
            ) : null}
          </details>
        );
      })}
    </div>
  );
}
