/** What a report would hold, before it is made: states by model and framework, or the fields of a draft that are open. */

import type { ReactNode } from "react";
import type { Api } from "../../api/client";
import type { components } from "../../api/schema";
import { Heads } from "../../components/heads";
import type { Values } from "../../forms/action";
import { strings } from "../../strings";
import { frameworkName, word } from "../../words";

type Found = components["schemas"]["ReportPreview"];
type Kind = NonNullable<components["schemas"]["NewReport"]["kind"]>;

const text = strings.reports;

export const previewOf = (api: Api, { kind, framework, model }: Values) =>
  api.GET("/api/v1/compliance/report-preview", {
    params: {
      query: {
        kind: kind as Kind,
        ...(framework ? { framework } : {}),
        ...(model ? { model_id: model } : {}),
      },
    },
  });

export function Preview({ of }: { of: Found }): ReactNode {
  const open = of.open ?? [];
  return (
    <div className="stack">
      <p>{text.wouldBe(of.title, of.models)}</p>
      {of.shown.length ? <ByModel of={of} /> : null}
      {of.fields ? <p>{text.filled(of.fields - open.length, of.fields)}</p> : null}
      {open.length ? (
        <details>
          <summary>{text.toComplete(open.length)}</summary>
          <ul>
            {open.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </details>
      ) : null}
      <p className="quiet">{text.previewNow}</p>
    </div>
  );
}

function ByModel({ of }: { of: Found }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[text.model, text.law]} />
      <tbody>
        {of.shown.map((model) => (
          <tr key={model.id}>
            <th scope="row">{model.name}</th>
            <td data-label={text.law}>
              <div>
                {model.frameworks.length ? null : <span className="quiet">{text.unjudged}</span>}
                {model.frameworks.map((one) => (
                  <p key={one.framework_id}>
                    <b>{frameworkName(one.framework_id)}</b>
                    {`: ${statesOf(one.requirements)}`}
                  </p>
                ))}
              </div>
            </td>
          </tr>
        ))}
        {of.models > of.shown.length ? (
          <tr>
            <td colSpan={2}>{text.moreModels(of.models - of.shown.length)}</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

/** What asks for somebody comes first. */
const ORDER = [
  "not_met",
  "attestation_due",
  "expired",
  "insufficient_evidence",
  "met",
  "not_yet_in_force",
  "not_applicable",
] as const;

function statesOf(requirements: Readonly<Record<string, number>>): string {
  return ORDER.flatMap((state) => {
    const count = requirements[state] ?? 0;
    return count ? [`${count} ${word(state).text}`] : [];
  }).join(", ");
}
