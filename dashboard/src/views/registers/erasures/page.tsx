/** One erasure: what its plan found, the objects, and that exactly this plan is done. */

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { isMissing } from "../../../api/client";
import { useApp } from "../../../app";
import { Heads } from "../../../components/heads";
import { Panel } from "../../../components/panel";
import { Badge } from "../../../components/state";
import { Time } from "../../../components/time";
import { bytes, count } from "../../../format";
import { Action } from "../../../forms/action";
import { address } from "../../../router";
import { useTitle } from "../../../shell/title";
import { strings } from "../../../strings";
import { erasures as text } from "../../../strings/erasures";
import { Facts } from "../fields";
import { TOUCHED } from "../register";
import { whatGoes } from "./list";
import { type Erasure, erasureOf, erasuresOf, objectsOf } from "./reads";

export function ErasurePage({ id }: { id: string }): ReactNode {
  const found = useQuery(erasureOf(useApp().api, id));
  if (isMissing(found.error))
    return (
      <div className="lead">
        <h1>{text.missing}</h1>
        <Back />
      </div>
    );
  return (
    <Panel what="the erasure" of={found} lines={8}>
      {(erasure) => <Shown of={erasure} />}
    </Panel>
  );
}

function Back(): ReactNode {
  return (
    <p>
      <a href={address(["registers", "erasures"])}>{text.back}</a>
    </p>
  );
}

function Shown({ of }: { of: Erasure }): ReactNode {
  const title = `${of.model_id}: ${whatGoes(of)}`;
  useTitle(title);
  return (
    <>
      <div className="lead">
        <Back />
        <h1>{title}</h1>
        <p className="about">
          <Badge word={text.states[of.state ?? "planning"]} />
          <a href={address(["models", of.model_id])}>{of.model_id}</a>
          <span>{`${text.by}: ${of.asked_by}`}</span>
          <Time at={of.asked_at} />
        </p>
        <p>{of.reason}</p>
      </div>
      <section className="card" aria-labelledby="title-found">
        <h2 id="title-found">{text.facts}</h2>
        {of.stopped ? (
          <div className="notice bad">
            <p>{of.stopped}</p>
          </div>
        ) : null}
        {of.trouble ? (
          <div className="notice warn">
            <p>
              <b>{text.trouble}</b>
              {of.trouble}
            </p>
          </div>
        ) : null}
        {of.planned_at ? <FoundFacts of={of} /> : <p className="quiet">{text.waits}</p>}
        <Mind of={of} />
        <Apply of={of} />
      </section>
      {of.planned_at ? <Objects id={of.id} /> : null}
    </>
  );
}

function FoundFacts({ of }: { of: Erasure }): ReactNode {
  const { found, done } = of;
  if (!found) return null;
  const stay = Object.entries(found.reasons ?? {}).map(([why, many]) => `${count(many)}: ${why}`);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [text.looked, count(found.looked_at)],
    [text.objects, count(found.objects)],
    [text.whole, count(found.removed)],
    [text.goes, count(found.rows)],
    [text.size, `${bytes(found.bytes_before)} → ${bytes(found.bytes_after)}`],
    [text.unreadable, found.unreadable ? count(found.unreadable) : null],
    [text.stay, stay.join("; ")],
    [text.versions, of.versions],
    [text.hash, of.plan_sha256 ? <code key="hash">{of.plan_sha256}</code> : null],
    [text.done, of.applied_by && done ? text.doneSo(count(done.objects), count(done.rows)) : null],
  ];
  return (
    <>
      <Facts facts={facts} />
      {done?.changed ? (
        <div className="notice warn">
          <p>{text.changed(count(done.changed))}</p>
        </div>
      ) : null}
    </>
  );
}

function Mind({ of: { notices = [] } }: { of: Erasure }): ReactNode {
  if (notices.length === 0) return null;
  return (
    <>
      <h3>{text.mind}</h3>
      <ul>
        {notices.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  );
}

/** Only what was planned, and only where the deployment may. */
function Apply({ of }: { of: Erasure }): ReactNode {
  const { api } = useApp();
  const allowed = useInfiniteQuery(erasuresOf(api)).data?.pages[0]?.may_apply;
  if (of.state !== "planned" || !of.plan_sha256 || allowed === undefined) return null;
  if (!allowed) return <p className="quiet">{text.mayNot}</p>;
  const plan_sha256 = of.plan_sha256;
  return (
    <div className="toolbar">
      <Action
        route="POST /api/v1/erasures/{erasure_id}/apply"
        label={text.apply}
        title={text.applyTitle(count(of.found?.rows ?? 0))}
        about={text.applyAbout}
        tone="danger"
        otherwise="explain"
        told={text.applied}
        touches={TOUCHED}
        send={(_, headers) =>
          api.POST("/api/v1/erasures/{erasure_id}/apply", {
            params: { path: { erasure_id: of.id } },
            body: { plan_sha256 },
            headers,
          })
        }
      />
    </div>
  );
}

function Objects({ id }: { id: string }): ReactNode {
  const [asked, ask] = useState(false);
  return (
    <section className="card" aria-labelledby="title-objects">
      <h2 id="title-objects">{text.list}</h2>
      <p className="quiet">{text.listAbout}</p>
      {asked ? (
        <Listed id={id} />
      ) : (
        <div className="toolbar">
          <button type="button" onClick={() => ask(true)}>
            {text.show}
          </button>
        </div>
      )}
    </section>
  );
}

function Listed({ id }: { id: string }): ReactNode {
  const pages = useInfiniteQuery(objectsOf(useApp().api, id));
  const objects = pages.data?.pages.flatMap((page) => page.objects) ?? [];
  return (
    <Panel what={text.list.toLowerCase()} of={pages} lines={4}>
      {() => (
        <>
          <table className="cards">
            <Heads names={[text.object, text.goes, text.lines]} />
            <tbody>
              {objects.map((one) => (
                <tr key={one.uri}>
                  <th scope="row">
                    <code>{one.uri}</code>
                  </th>
                  <td data-label={text.goes}>
                    <span>{count(one.rows)}</span>
                  </td>
                  <td data-label={text.lines}>
                    <span>
                      {one.whole
                        ? text.wholeObject
                        : text.someLines((one.lines?.length ?? 0) + Object.keys(one.cut ?? {}).length)}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {pages.hasNextPage ? (
            <button type="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
              {strings.more}
            </button>
          ) : null}
        </>
      )}
    </Panel>
  );
}
