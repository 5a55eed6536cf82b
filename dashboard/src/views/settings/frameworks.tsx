/** Versions of frameworks: which is in force, what another one would change, putting it into force, and ending one's own. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { answer } from "../../api/client";
import type { FrameworkSummary, Validation } from "../../api/types";
import { useApp, useMay } from "../../app";
import { Heads } from "../../components/heads";
import { Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Time } from "../../components/time";
import { Action } from "../../forms/action";
import { LongField } from "../../forms/fields";
import { frameworks as text } from "../../strings/frameworks";
import { Changes, FrameworkEditor } from "./framework_editor";

const JUDGES = [["frameworks"], ["portfolio"], ["standings"], ["signatures"], ["dates"], ["model"]];

export function Frameworks(): ReactNode {
  const frameworks = useQuery(useApp().reads.frameworks());
  return (
    <section className="card" aria-labelledby="title-frameworks">
      <div className="card-head">
        <h2 id="title-frameworks">{text.title}</h2>
        <FrameworkEditor />
      </div>
      <Panel what="the frameworks" of={frameworks} lines={4}>
        {(found) => (
          <table className="cards">
            <Heads names={[text.title, text.version, text.state, text.by]} actions />
            <tbody>
              {found.map((one) => (
                <Row key={`${one.framework_id} ${one.version}`} one={one} />
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </section>
  );
}

function Row({ one }: { one: FrameworkSummary }): ReactNode {
  return (
    <tr>
      <th scope="row">
        {one.title}
        <span className="reason">{`${one.framework_id} · ${one.built_in ? text.shipped : text.yours}`}</span>
      </th>
      <td data-label={text.version}>
        <span>{one.version}</span>
      </td>
      <td data-label={text.state}>
        <div>
          <StateBadge name={one.state} />
          {one.ended_by ? <span className="reason">{text.endedBy(one.ended_by, one.ended_reason ?? "")}</span> : null}
        </div>
      </td>
      <td data-label={text.by}>
        <span>
          {one.uploaded_by}
          <span className="reason">
            <Time at={one.uploaded_at} />
          </span>
        </span>
      </td>
      <td>
        <div className="toolbar">
          {one.state === "active" ? null : <TryAndActivate one={one} />}
          {one.built_in ? null : <EditVersion one={one} />}
          {one.built_in || one.state !== "active" ? null : <End one={one} how="switch-off" />}
          {one.built_in ? null : <End one={one} how="remove" />}
        </div>
      </td>
    </tr>
  );
}

function TryAndActivate({ one }: { one: FrameworkSummary }): ReactNode {
  const { api } = useApp();
  const [trial, setTrial] = useState<Validation["trial"]>(null);
  const given = { params: { path: { framework_id: one.framework_id } }, body: { version: one.version } };
  return (
    <>
      <Action
        route="POST /api/v1/compliance/frameworks/{framework_id}/dry-run"
        label={text.tryIt}
        about={text.tryAbout}
        told={text.tryIt}
        touches={[]}
        send={async (_, headers) =>
          setTrial(
            await answer(api.POST("/api/v1/compliance/frameworks/{framework_id}/dry-run", { ...given, headers })),
          )
        }
      />
      <Action
        route="POST /api/v1/compliance/frameworks/{framework_id}/activate"
        label={text.activate}
        about={text.activateAbout}
        told={text.activated}
        touches={JUDGES}
        send={(_, headers) => api.POST("/api/v1/compliance/frameworks/{framework_id}/activate", { ...given, headers })}
      />
      {trial ? (
        <div role="status">
          <Changes of={trial} />
        </div>
      ) : null}
    </>
  );
}

/** The text is read when the person may change it: it is long. */
function EditVersion({ one }: { one: FrameworkSummary }): ReactNode {
  const { reads } = useApp();
  const may = useMay()("POST /api/v1/compliance/frameworks");
  const found = useQuery({ ...reads.framework(one.framework_id, one.version), enabled: may });
  return found.data ? <FrameworkEditor from={found.data} /> : null;
}

function End({ one, how }: { one: FrameworkSummary; how: "switch-off" | "remove" }): ReactNode {
  const { api } = useApp();
  const path = { framework_id: one.framework_id };
  const off = how === "switch-off";
  return (
    <Action
      route={
        off
          ? "POST /api/v1/compliance/frameworks/{framework_id}/switch-off"
          : "DELETE /api/v1/compliance/frameworks/{framework_id}"
      }
      record={one.version}
      label={off ? text.switchOff : text.remove}
      title={`${off ? text.switchOff : text.remove}: ${one.title}`}
      about={off ? text.switchOffAbout : text.removeAbout}
      tone="danger"
      told={off ? text.switchedOff(one.title) : text.removed(one.title)}
      touches={JUDGES}
      send={({ reason = "" }, headers) =>
        off
          ? api.POST("/api/v1/compliance/frameworks/{framework_id}/switch-off", {
              params: { path },
              body: { reason },
              headers,
            })
          : api.DELETE("/api/v1/compliance/frameworks/{framework_id}", { params: { path }, body: { reason }, headers })
      }
    >
      <LongField name="reason" label={text.why} hint={text.whyHint} required />
    </Action>
  );
}
