/** A vendor: what is missing, agreements with their ends, what the questionnaire raises. */

import type { ReactNode } from "react";
import type { components } from "../../../api/schema";
import { useApp } from "../../../app";
import { Heads } from "../../../components/heads";
import { Badge, Icon } from "../../../components/state";
import { Time, useNow } from "../../../components/time";
import { day, list } from "../../../format";
import { Action } from "../../../forms/action";
import { LongField, TextField } from "../../../forms/fields";
import { vendors as text } from "../../../strings/vendors";
import { Facts } from "../fields";
import { said } from "../filled";
import { Missing } from "../pieces";
import { type BodyProps, TOUCHED } from "../register";
import { suppliesOf, type VendorKept } from "./register";

type Agreement = components["schemas"]["VendorAgreement"];

export function VendorBody({ view, etag }: BodyProps<VendorKept>): ReactNode {
  const { entry, missing } = view;
  return (
    <>
      <Missing of={missing.map((one) => [one])} complete={text.complete} />
      <Facts
        facts={[
          [text.supplies, list(suppliesOf(entry), 8)],
          [text.personal, said(entry.processes_personal_data) || text.notKnown],
          [text.free, said(entry.free_and_open_source ?? false)],
          [text.country, entry.country],
          [text.website, entry.website],
          [text.contact, entry.contact],
          [
            text.lastReview,
            entry.reviewed_by && entry.reviewed_at ? `${day(entry.reviewed_at)}, ${entry.reviewed_by}` : null,
          ],
        ]}
      />
      <h3>{text.agreements}</h3>
      {entry.agreements?.length ? (
        <Agreements of={entry.agreements} vendor={entry.id} etag={etag} />
      ) : (
        <p className="quiet">{text.noAgreements}</p>
      )}
      <h3>{text.questionnaire}</h3>
      <Findings view={view} />
    </>
  );
}

/** Its own end, or the day before it was ended. */
function holds(one: Agreement, today: string): boolean {
  return (
    one.signed_on <= today && (!one.expires_on || today <= one.expires_on) && (!one.ended_on || today < one.ended_on)
  );
}

function lacks(one: Agreement): string[] {
  const terms: Readonly<Record<string, Readonly<Record<string, string>>>> = text.terms;
  return Object.keys(terms[one.kind] ?? {})
    .filter((term) => !(one.settles ?? []).includes(term))
    .map((term) => terms[one.kind]?.[term] ?? term);
}

function Agreements({
  of,
  vendor,
  etag,
}: {
  of: readonly Agreement[];
  vendor: string;
  etag: string | null;
}): ReactNode {
  const today = new Date(useNow()).toISOString().slice(0, 10);
  return (
    <table className="cards">
      <Heads names={[text.agreementTitle, text.kind, text.state, text.expires]} actions />
      <tbody>
        {of.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              {one.title}
              <span className="reason">{one.location}</span>
              <code title={`sha256 ${one.sha256}`}>{one.sha256.slice(0, 12)}</code>
            </th>
            <td data-label={text.kind}>
              <div>
                {text.kinds[one.kind]}
                {lacks(one).length ? <span className="reason">{text.notSettled(lacks(one).join("; "))}</span> : null}
              </div>
            </td>
            <td data-label={text.state}>
              {holds(one, today) ? (
                <Badge
                  word={
                    lacks(one).length ? { tone: "warn", text: text.holdsInPart } : { tone: "good", text: text.holds }
                  }
                />
              ) : (
                <Badge word={{ tone: "bad", text: text.over }} />
              )}
            </td>
            <td data-label={text.expires}>
              <span>
                {one.expires_on ? day(one.expires_on) : text.noEnd}
                {one.ended_on ? (
                  <span className="reason">{text.endedSince(day(one.ended_on), one.ended_because ?? "")}</span>
                ) : null}
              </span>
            </td>
            <td>{one.ended_on ? null : <EndAgreement one={one} vendor={vendor} etag={etag} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function EndAgreement({ one, vendor, etag }: { one: Agreement; vendor: string; etag: string | null }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/vendors/{vendor_id}/agreements/{agreement_id}/end"
      record={one.id}
      label={text.end}
      title={text.endTitle(one.title)}
      about={text.endAbout}
      tone="danger"
      told={text.ended}
      touches={TOUCHED}
      etag={etag}
      send={({ ended_on = "", because = "" }, headers) =>
        api.POST("/api/v1/vendors/{vendor_id}/agreements/{agreement_id}/end", {
          params: { path: { vendor_id: vendor, agreement_id: one.id } },
          body: { ended_on, because },
          headers,
        })
      }
    >
      <TextField name="ended_on" label={text.endedOn} type="date" required />
      <LongField name="because" label={text.because} required rows={2} />
    </Action>
  );
}

function Findings({ view: { entry, findings, questions = [] } }: { view: VendorKept }): ReactNode {
  if (!entry.answered_at || !findings) return <p className="quiet">{text.notAnswered}</p>;
  const asks = new Map(questions.map((one) => [one.id, one]));
  const notes = entry.answers as Readonly<Record<string, { note?: string } | undefined>>;
  return (
    <>
      <p className="quiet">
        {text.answeredBy(entry.answered_by ?? "")}
        <Time at={entry.answered_at} />
        {entry.answers_due ? text.goodUntil(day(entry.answers_due)) : null}
      </p>
      {findings.concerns?.length ? (
        <ul className="checks" aria-label={text.concerns}>
          {findings.concerns.map((id) => (
            <li key={id}>
              <Icon tone="warn" />
              <p>
                <b>{asks.get(id)?.asks ?? id}</b>
                <span className="reason">{asks.get(id)?.because}</span>
                {notes[id]?.note ? <span className="reason">{notes[id]?.note}</span> : null}
              </p>
            </li>
          ))}
        </ul>
      ) : (
        <p>{text.noConcerns}</p>
      )}
      {findings.open?.length ? <p className="quiet">{text.openQuestions(findings.open.length)}</p> : null}
    </>
  );
}
