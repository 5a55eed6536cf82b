/** What an incident holds: the assessment, who was told, drafts, measures, and the state that was taken down. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { answer } from "../../../api/client";
import { useApp } from "../../../app";
import { Select } from "../../../components/filters";
import { Panel } from "../../../components/panel";
import { Time } from "../../../components/time";
import { save } from "../../../files";
import { count, list } from "../../../format";
import { address } from "../../../router";
import { incidents as text } from "../../../strings/incidents";
import { registers } from "../../../strings/registers";
import { Facts, options } from "../fields";
import type { BodyProps } from "../register";
import { Measures } from "./measures";
import { type IncidentView, RECIPIENTS, type Recipient, type Stage } from "./types";

const said = (value: boolean | null | undefined): string =>
  value === true ? registers.yes : value === false ? registers.no : registers.undecided;
const because = (what: string, why: string | undefined): string => (why ? `${what}: ${why}` : what);

export function IncidentBody({ view, etag }: BodyProps<IncidentView>): ReactNode {
  const found = view.assessment ?? {};
  return (
    <div className="stack">
      <Facts
        facts={[
          [text.aware, <Time key="aware" at={view.aware_at} />],
          [text.awareness, view.awareness],
          [text.reference, view.source_reference],
          [
            text.roles,
            list(
              view.roles.map((role) => text.roleNames[role]),
              4,
            ),
          ],
          [text.description, view.description],
          [
            text.alerts,
            view.alert_ids?.length ? (
              <a key="alerts" href={address(["alerts"], { state: "all" })}>
                {count(view.alert_ids.length)}
              </a>
            ) : null,
          ],
          [text.serious, because(said(found.serious), found.serious_reason)],
          [text.presentsRisk, view.roles.includes("deployer") ? said(found.presents_risk) : null],
          [
            text.harms,
            list(
              (found.harms ?? []).map((harm) => text.harmNames[harm]),
              5,
            ),
          ],
          [text.link, text.linkNames[found.causal_link ?? "unknown"]],
          [text.breach, because(said(found.personal_data_breach), found.breach_reason)],
          [
            text.breachRisk,
            found.personal_data_breach === false
              ? null
              : because(text.breachRisks[found.breach_risk ?? "unknown"], found.breach_risk_reason),
          ],
          [
            text.persons,
            view.affected_persons === null || view.affected_persons === undefined
              ? registers.unknown
              : count(view.affected_persons),
          ],
          [text.cause, view.root_cause || registers.unknown],
          [text.conclusion, view.conclusion],
        ]}
      />
      <Told view={view} />
      <Drafts view={view} />
      <Measures view={view} etag={etag} />
      <Preserved view={view} />
    </div>
  );
}

function Told({ view }: { view: IncidentView }): ReactNode {
  const reports = view.reports ?? [];
  return (
    <div>
      <h3>{text.reports}</h3>
      {reports.length === 0 ? <p className="quiet">{text.noReports}</p> : null}
      <ul className="story">
        {reports.map((one) => (
          <li key={one.id}>
            <b>{text.recipients[one.recipient]}</b> <Time at={one.sent_at} />
            {` · ${text.sent(text.stages[one.stage], one.recorded_by)}`}
            {one.reference ? ` · ${one.reference}` : ""}
            {one.late_because ? ` · ${text.late}: ${one.late_because}` : ""}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The draft of a report: what the article asks for, and what of it is not on record. */
function Drafts({ view }: { view: IncidentView }): ReactNode {
  const [recipient, setRecipient] = useState<Recipient>("market_surveillance_authority");
  const [stage, setStage] = useState<Stage>("initial");
  const [wanted, setWanted] = useState(false);
  return (
    <div className="stack">
      <h3>{text.drafts}</h3>
      <form className="filters" aria-label={text.drafts} onSubmit={(event) => event.preventDefault()}>
        <Select
          label={text.draftFor}
          value={recipient}
          options={options(RECIPIENTS, text.recipients)}
          choose={(value) => setRecipient(value as Recipient)}
        />
        <Select
          label={text.stage}
          value={stage}
          options={options(Object.keys(text.stages), text.stages)}
          choose={(value) => setStage(value as Stage)}
        />
        {wanted ? null : (
          <button type="button" onClick={() => setWanted(true)}>
            {text.draft}
          </button>
        )}
      </form>
      {wanted ? <Draft id={view.id} recipient={recipient} stage={stage} /> : null}
    </div>
  );
}

function Draft({ id, recipient, stage }: { id: string; recipient: Recipient; stage: Stage }): ReactNode {
  const { api } = useApp();
  const found = useQuery({
    queryKey: ["registers", "incidents", "draft", id, recipient, stage],
    queryFn: () =>
      answer(
        api.GET("/api/v1/incidents/{incident_id}/drafts/{recipient}", {
          params: { path: { incident_id: id, recipient }, query: { stage } },
        }),
      ),
  });
  return (
    <Panel what="the draft" of={found} lines={6}>
      {({ draft, markdown }) => (
        <div className="stack">
          {draft.notice ? <p className="quiet">{draft.notice}</p> : null}
          <p>{text.draftUnknown(draft.unknown.length)}</p>
          <dl className="described">
            {draft.fields.map((field) => (
              <div key={field.name}>
                <dt>
                  {field.title} <small className="quiet">{field.asked_by}</small>
                </dt>
                <dd>{field.value ?? <b>{registers.unknown}</b>}</dd>
              </div>
            ))}
          </dl>
          <p>
            <button type="button" onClick={() => save(`incident-${id}-${recipient}.md`, "text/markdown", markdown)}>
              {text.download}
            </button>
          </p>
        </div>
      )}
    </Panel>
  );
}

function Preserved({ view }: { view: IncidentView }): ReactNode {
  const { preserved, altered = [] } = view;
  if (!preserved) return null;
  return (
    <div>
      <h3>{text.preserved}</h3>
      <p className="quiet">
        <Time at={preserved.at} />
      </p>
      <ul>
        {(preserved.models ?? []).map((one) => (
          <li key={one.model_id}>{text.version(one.model_id, one.version ?? registers.unknown)}</li>
        ))}
        {preserved.trail ? <li>{text.trail(count(preserved.trail.size))}</li> : null}
      </ul>
      {altered.length ? (
        <div className="notice warn">
          <p>
            <b>{`${text.altered}: ${altered.join("; ")}. `}</b>
            {text.alteredHint}
          </p>
        </div>
      ) : null}
    </div>
  );
}
