/** Versions of frameworks: which is in force, what another one would change, and putting it into force. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { answer } from "../../api/client";
import type { FrameworkSummary } from "../../api/types";
import { useApp } from "../../app";
import { Heads } from "../../components/heads";
import { Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Time } from "../../components/time";
import { Action } from "../../forms/action";
import { LongField } from "../../forms/fields";
import { strings } from "../../strings";

const text = strings.settings;

export function Frameworks(): ReactNode {
  const { api, reads } = useApp();
  const frameworks = useQuery(reads.frameworks());
  return (
    <section className="card" aria-labelledby="title-frameworks">
      <div className="card-head">
        <h2 id="title-frameworks">{text.frameworks}</h2>
        <Action
          route="POST /api/v1/compliance/frameworks"
          label={text.upload}
          about={text.uploadAbout}
          otherwise="explain"
          told={text.uploaded}
          touches={[["frameworks"]]}
          send={({ text: yaml = "" }, headers) =>
            api.POST("/api/v1/compliance/frameworks", { body: { text: yaml }, headers })
          }
        >
          <LongField name="text" label={text.file} required rows={14} />
        </Action>
      </div>
      <Panel what="the frameworks" of={frameworks} lines={4}>
        {(found) => (
          <table className="cards">
            <Heads names={[text.frameworks, text.version, text.state, text.by]} actions />
            <tbody>
              {found.map((one) => (
                <tr key={`${one.framework_id} ${one.version}`}>
                  <th scope="row">{one.title}</th>
                  <td data-label={text.version}>
                    <span>{one.version}</span>
                  </td>
                  <td data-label={text.state}>
                    <StateBadge name={one.state} />
                  </td>
                  <td data-label={text.by}>
                    <span>
                      {one.uploaded_by}
                      <span className="reason">
                        <Time at={one.uploaded_at} />
                      </span>
                    </span>
                  </td>
                  <td>{one.state === "active" ? null : <TryAndActivate one={one} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </section>
  );
}

function TryAndActivate({ one }: { one: FrameworkSummary }): ReactNode {
  const { api } = useApp();
  const [changes, setChanges] = useState<number | null>(null);
  const given = { params: { path: { framework_id: one.framework_id } }, body: { version: one.version } };
  return (
    <div className="toolbar">
      <Action
        route="POST /api/v1/compliance/frameworks/{framework_id}/dry-run"
        label={text.tryIt}
        about={text.tryAbout}
        told={text.tryIt}
        touches={[]}
        send={async (_, headers) =>
          setChanges(
            (await answer(api.POST("/api/v1/compliance/frameworks/{framework_id}/dry-run", { ...given, headers })))
              .changes.length,
          )
        }
      />
      <Action
        route="POST /api/v1/compliance/frameworks/{framework_id}/activate"
        label={text.activate}
        about={text.activateAbout}
        told={text.activated}
        touches={[["frameworks"], ["portfolio"], ["standings"]]}
        send={(_, headers) => api.POST("/api/v1/compliance/frameworks/{framework_id}/activate", { ...given, headers })}
      />
      {changes === null ? null : <span role="status">{text.tried(changes)}</span>}
    </div>
  );
}
