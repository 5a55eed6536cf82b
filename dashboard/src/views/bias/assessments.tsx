/** What people said of the differences that were found: with a name, a date and a hash. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { DocumentRecord } from "../../api/types";
import { useApp } from "../../app";
import { Empty, Panel } from "../../components/panel";
import { Since } from "../../components/time";
import { Action } from "../../forms/action";
import { LongField, TextField } from "../../forms/fields";
import { bias as text } from "../../strings/bias";

/** The topic under which frameworks look for it. */
const TOPIC = "fairness_assessment";

export function Assessments({ id }: { id: string }): ReactNode {
  const { api, reads } = useApp();
  const documents = useQuery(reads.model(id).documents());
  return (
    <div className="stack" role="group" aria-label={text.assessments}>
      <div className="card-head">
        <h3>{text.assessments}</h3>
        <Action
          route="POST /api/v1/models/{model_id}/documents"
          label={text.assess}
          about={text.assessAbout}
          otherwise="explain"
          told={text.assessed}
          touches={[["model", id]]}
          send={({ title = "", text: written = "", dated = "" }, headers) =>
            api.POST("/api/v1/models/{model_id}/documents", {
              params: { path: { model_id: id } },
              body: { topic: TOPIC, title, text: written, dated },
              headers,
            })
          }
        >
          <TextField name="title" label={text.assessTitle} hint={text.assessTitleHint} required />
          <LongField name="text" label={text.assessText} hint={text.assessTextHint} required rows={7} />
          <TextField
            name="dated"
            label={text.assessDated}
            type="date"
            required
            value={new Date().toISOString().slice(0, 10)}
          />
        </Action>
      </div>
      <Panel what={text.assessmentsOf} of={documents}>
        {(found) => {
          const kept = found.filter((one) => one.topic === TOPIC);
          return kept.length ? (
            <ul className="assessments">{kept.map(listed)}</ul>
          ) : (
            <Empty what={text.noAssessments} hint={text.noAssessmentsHint} />
          );
        }}
      </Panel>
    </div>
  );
}

function listed(one: DocumentRecord): ReactNode {
  return (
    <li key={`${one.recorded_at} ${one.sha256}`}>
      <p>
        <b>{one.title}</b>{" "}
        <span className="quiet">
          {text.assessedBy(one.recorded_by)}
          <Since at={one.recorded_at} />
          {one.model_version ? text.ofVersion(one.model_version) : ""}
        </span>
      </p>
      {one.text ? <p className="written">{one.text}</p> : <p className="quiet">{text.elsewhere(one.location)}</p>}
      <p className="quiet">
        <code title={one.sha256}>{`SHA-256 ${one.sha256.slice(0, 12)}`}</code>
      </p>
    </li>
  );
}
