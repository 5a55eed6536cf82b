/** The versions of a model: which is where, whether one may go on, who has to agree, and what each was made from. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ApprovalRequest, ModelPage, ModelVersion, Versions } from "../../api/types";
import { useApp } from "../../app";
import { Select } from "../../components/filters";
import { Empty, OnlyFirst, Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Since } from "../../components/time";
import { useChoices } from "../../router";
import { strings } from "../../strings";
import { Approvals, RequestApproval } from "./approvals";
import { Comparison } from "./comparison";
import { Documents } from "./documents";
import { Gate } from "./gate";
import { LineageView } from "./lineage";
import { metricsText } from "./metrics";
import { ChoosePolicy } from "./policy";
import { Rollouts } from "./rollouts";
import { Promote, RollBack } from "./stages";

const text = strings.versions;

export function VersionsTab({ page }: { page: ModelPage }): ReactNode {
  const { reads } = useApp();
  const model = reads.model(page.model.id);
  const versions = useQuery(model.versions());
  const requests = useQuery(model.approvals());
  return (
    <Panel what="the versions" of={versions} lines={8}>
      {(found) =>
        found.versions.length === 0 ? (
          <section className="card">
            <Empty what={text.none} hint={text.noneHint} />
          </section>
        ) : (
          <>
            <Listed found={found} requests={requests.data?.all} />
            <Approvals of={requests} />
            <One page={page} found={found} />
            <Rollouts model={page.model} versions={newestFirst(found.versions)} />
          </>
        )
      }
    </Panel>
  );
}

/** Newest first. */
export function newestFirst(versions: readonly ModelVersion[]): ModelVersion[] {
  return [...versions].sort((one, other) => other.created_at.localeCompare(one.created_at));
}

interface ListedProps {
  readonly found: Versions;
  /** None: they are not read, or could not be. */
  readonly requests: readonly ApprovalRequest[] | undefined;
}

function Listed({ found, requests }: ListedProps): ReactNode {
  const approval = (version: string): ApprovalRequest | undefined => requests?.find((one) => one.version === version);
  return (
    <section className="card" aria-labelledby="title-versions">
      <h2 id="title-versions">{text.title}</h2>
      <OnlyFirst of={{ all: found.versions, more: Boolean(found.next_token) }} />
      <table className="cards">
        <thead>
          <tr>
            <th scope="col">{text.version}</th>
            <th scope="col">{text.stage}</th>
            <th scope="col">{text.approval}</th>
            <th scope="col">{text.metrics}</th>
            <th scope="col">{text.made}</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst(found.versions).map((version) => (
            <tr key={version.version}>
              <th scope="row">
                {version.version}
                <span className="reason">{[version.algorithm, version.framework].filter(Boolean).join(" · ")}</span>
              </th>
              <td data-label={text.stage}>
                {found.stages.of?.[version.version] ? (
                  <StateBadge name={found.stages.of[version.version]} />
                ) : (
                  <span className="quiet">{text.noStage}</span>
                )}
              </td>
              <td data-label={text.approval}>
                {approval(version.version) ? (
                  <StateBadge name={approval(version.version)?.state} />
                ) : (
                  <span className="quiet">{requests ? strings.none : text.notRead}</span>
                )}
              </td>
              <td data-label={text.metrics}>
                <span>{metricsText(version) || <span className="quiet">{strings.none}</span>}</span>
              </td>
              <td data-label={text.made}>
                <span>
                  <Since at={version.created_at} />
                  <span className="reason">{`${text.by} ${version.created_by}`}</span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** One version in depth; the address says which, and for which stage its gate is judged. */
function One({ page, found }: { page: ModelPage; found: Versions }): ReactNode {
  const [query, choose] = useChoices();
  const sorted = newestFirst(found.versions);
  const version = sorted.find((one) => one.version === query["version"]) ?? sorted[0];
  if (!version) return null;
  const asked = query["version"];
  const stage = query["stage"] === "staging" ? "staging" : "production";
  const id = page.model.id;
  return (
    <section className="card" aria-labelledby="title-version">
      <div className="card-head">
        <h2 id="title-version">{`${text.version} ${version.version}`}</h2>
        <div className="toolbar">
          <RequestApproval id={id} version={version.version} stage={stage} />
          <ChoosePolicy id={id} />
          <Promote id={id} version={version.version} stage={stage} />
          <RollBack id={id} stages={found.stages} />
        </div>
      </div>
      {asked && asked !== version.version ? (
        <div className="notice warn">
          <p>{text.noVersion(asked, version.version)}</p>
        </div>
      ) : null}
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        <Select
          label={text.choose}
          value={version.version}
          choose={(value) => choose({ version: value })}
          options={sorted.map((one) => [one.version, one.version] as const)}
        />
        <Select
          label={text.gateFor}
          value={stage}
          choose={(value) => choose({ stage: value === "production" ? null : value })}
          options={[
            ["production", "production"],
            ["staging", "staging"],
          ]}
        />
      </form>
      <Gate id={id} version={version.version} stage={stage} />
      <Comparison version={version} versions={sorted} stages={found.stages} />
      <LineageView id={id} version={version.version} />
      <Documents id={id} version={version.version} />
    </section>
  );
}
