/** What windows are compared with and judged by: the baseline, its own windows, the policy. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { DriftReport } from "../../api/types";
import { useApp } from "../../app";
import { Panel } from "../../components/panel";
import { Since } from "../../components/time";
import { counts, setting } from "../../format";
import { drift as text } from "../../strings/drift";

export function Compared({ id, report }: { id: string; report: DriftReport }): ReactNode {
  const baseline = useQuery(useApp().reads.model(id).baseline());
  const { policy } = report;
  const own = Object.keys(policy.rules ?? {}).length;
  return (
    <div className="stack">
      <h3>{text.compared}</h3>
      <Panel what={text.compared.toLowerCase()} of={baseline}>
        {(found) => (
          <dl className="described">
            <div>
              <dt>{text.baseline}</dt>
              <dd>
                {text.baselineIs(counts(found.rows, "row"), found.source)}
                <span className="quiet">
                  {", "}
                  {text.setBy(found.set_by)}
                  <Since at={found.set_at} />
                </span>
              </dd>
            </div>
            <div>
              <dt>{text.ownWindows}</dt>
              <dd>
                {report.usual
                  ? text.ownWindowsAre(counts(report.usual.windows, "window"), counts(report.usual.hours, "hour"))
                  : text.noOwnWindows}
              </dd>
            </div>
            <div>
              <dt>{text.threshold}</dt>
              <dd>
                {text.thresholds(setting(policy.psi_threshold), counts(policy.min_samples ?? 0, "row"))}
                {policy.persistence ? `; ${text.persistence(policy.persistence.windows, policy.persistence.of)}` : ""}
                {own ? `; ${text.otherThresholds(counts(own, "column"))}` : ""}
              </dd>
            </div>
          </dl>
        )}
      </Panel>
    </div>
  );
}
