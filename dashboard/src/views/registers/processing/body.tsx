/** A processing: first what is missing by which article, then what is said, and what Syndic knows of it. */

import type { ReactNode } from "react";
import { Time } from "../../../components/time";
import { sentenceCase, words } from "../../../format";
import { kept } from "../../../strings/kept";
import { processing as text } from "../../../strings/processing";
import { Facts } from "../fields";
import { Missing } from "../pieces";
import type { BodyProps } from "../register";
import type { ProcessingKept } from "./types";

export function ProcessingBody({ view }: BodyProps<ProcessingKept>): ReactNode {
  const { missing, contents, known = [] } = view;
  const all = Object.entries(text.fields) as [keyof NonNullable<typeof contents>, string][];
  // That nobody receives the data is a statement; that it was not said is none.
  const said = all.filter(([name]) => !(name.startsWith("no_") && contents?.[name] === false));
  const told = said.map(([name, label]) => [label, shown(contents?.[name])] as const).filter(([, value]) => value);
  return (
    <>
      <Missing of={missing.map((one) => [one.what, one.legal_basis])} />
      {missing.length ? null : view.confirmed_at ? (
        <p className="quiet">
          {text.inForce(view.confirmed_by ?? "")}
          <Time at={view.confirmed_at} />
        </p>
      ) : (
        <p className="quiet">{text.complete}</p>
      )}
      <h3>{text.contents}</h3>
      <Facts facts={[[text.role, text.roles[view.role]], ...told]} />
      {known.length ? (
        <details className="questions">
          <summary>{text.known}</summary>
          <div className="stack">
            <p className="quiet">{text.knownAbout}</p>
            <Facts
              facts={known.map((one) => [
                labelOf(one.field),
                <span key={one.source}>
                  {shown(one.value)}
                  <span className="reason">{one.source}</span>
                </span>,
              ])}
            />
          </div>
        </details>
      ) : null}
    </>
  );
}

function labelOf(field: string): string {
  const labels: Readonly<Record<string, string>> = text.fields;
  return labels[field] ?? sentenceCase(words(field));
}

function shown(value: unknown): string {
  if (typeof value === "boolean") return value ? kept.yes : kept.no;
  if (Array.isArray(value)) return value.map(shown).join("; ");
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return Object.values(value).map(shown).join(": ");
  const bases: Readonly<Record<string, string>> = text.bases;
  return bases[String(value)] ?? String(value);
}
