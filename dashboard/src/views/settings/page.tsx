/** Who one is and what each role may do, how fresh each cloud is, and the frameworks and policies that judge. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { CHANGES } from "../../api/changes";
import { ROLES } from "../../api/roles";
import type { Overview } from "../../api/types";
import { type ChangeRoute, rolesFor, useApp } from "../../app";
import { Heads } from "../../components/heads";
import { Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { Since } from "../../components/time";
import { list, sentenceCase, words } from "../../format";
import { useTitle } from "../../shell/title";
import { strings } from "../../strings";
import { roleName } from "../../words";
import { Frameworks } from "./frameworks";
import { Keys } from "./keys";
import { Partners } from "./partners";
import { People } from "./people";
import { Schedules } from "./schedules";

const text = strings.settings;

export function Settings(): ReactNode {
  useTitle(text.title);
  return (
    <>
      <h1>{text.title}</h1>
      <You />
      <People />
      <Keys />
      <Partners />
      <Clouds />
      <Schedules />
      <Frameworks />
      <ApprovalPolicies />
      <Roles />
    </>
  );
}

function You(): ReactNode {
  const { name, groups } = useApp().session.person;
  return (
    <section className="card" aria-labelledby="title-you">
      <h2 id="title-you">{text.you}</h2>
      <p>
        <b>{name}</b>
        {groups.length ? ` · ${text.yourGroups}: ${list(groups.map(roleName), 9)}` : null}
      </p>
      {groups.length ? null : (
        <div className="notice warn">
          <p>{text.noGroup}</p>
        </div>
      )}
    </section>
  );
}

function Clouds(): ReactNode {
  const standings = useQuery(useApp().reads.overview());
  return (
    <section className="card" aria-labelledby="title-clouds">
      <h2 id="title-clouds">{text.clouds}</h2>
      <Panel what="the clouds" of={standings} lines={3}>
        {(overview) => <Sources overview={overview} />}
      </Panel>
    </section>
  );
}

function Sources({ overview }: { overview: Overview }): ReactNode {
  const { mirror, unavailable, rows } = overview;
  const scopes = [
    ...new Set(
      rows.flatMap(({ model }) => (model.endpoint ? [`${model.endpoint.cloud} ${model.endpoint.scope}`] : [])),
    ),
  ];
  return (
    <table className="cards">
      <Heads names={[text.cloud, text.state, text.heard]} />
      <tbody>
        {mirror ? (
          <tr>
            <th scope="row">Azure</th>
            <td data-label={text.state}>
              <div>
                <Badge
                  word={
                    mirror.unavailable ? { tone: "warn", text: text.unreached } : { tone: "good", text: text.reached }
                  }
                />
                {mirror.unavailable ? <span className="reason">{mirror.unavailable}</span> : null}
              </div>
            </td>
            <td data-label={text.heard}>
              {mirror.mirrored_at ? <Since at={mirror.mirrored_at} /> : <span className="quiet">{strings.none}</span>}
            </td>
          </tr>
        ) : null}
        {Object.entries(unavailable).map(([source, reason]) => (
          <tr key={source}>
            <th scope="row">{source}</th>
            <td data-label={text.state}>
              <div>
                <Badge word={{ tone: "warn", text: text.unreached }} />
                <span className="reason">{reason}</span>
              </div>
            </td>
            <td data-label={text.heard}>
              <span className="quiet">–</span>
            </td>
          </tr>
        ))}
        {scopes
          .filter((scope) => !(mirror && scope.startsWith("azure ")))
          .map((scope) => (
            <tr key={scope}>
              <th scope="row">{scope}</th>
              <td data-label={text.state}>
                <Badge word={{ tone: "good", text: text.reached }} />
              </td>
              <td data-label={text.heard}>
                <span className="quiet">{text.here}</span>
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function ApprovalPolicies(): ReactNode {
  const policies = useQuery(useApp().reads.policies());
  return (
    <section className="card" aria-labelledby="title-policies">
      <h2 id="title-policies">{text.policies}</h2>
      <Panel what="the approval policies" of={policies} lines={4}>
        {(found) => (
          <table className="cards">
            <Heads names={[text.policies, text.roles_, text.evidence, text.strategy]} />
            <tbody>
              {found.map((one) => (
                <tr key={one.name}>
                  <th scope="row">
                    {one.name}
                    <span className="reason">{one.description}</span>
                  </th>
                  <td data-label={text.roles_}>
                    <span>
                      {text.approvers(one.approvers)}
                      <span className="reason">{list((one.roles ?? []).map(roleName), 6)}</span>
                    </span>
                  </td>
                  <td data-label={text.evidence}>
                    <span>
                      {Object.entries(one.evidence ?? {})
                        .map(([kind, age]) => `${words(kind)} ${age.replace(/^P(\d+)D$/, "$1 days")}`)
                        .join(", ") || strings.none}
                    </span>
                  </td>
                  <td data-label={text.strategy}>
                    <span>{words(one.strategy ?? "direct")}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </section>
  );
}

/** From the API's own description: what every change asks for. */
function Roles(): ReactNode {
  const { groups } = useApp().session.person;
  const routes = Object.keys(ROLES) as ChangeRoute[];
  const roles = [...new Set(routes.flatMap(rolesFor))].sort();
  return (
    <section className="card" aria-labelledby="title-roles">
      <h2 id="title-roles">{text.roles}</h2>
      <p className="quiet">{text.rolesAbout}</p>
      <div className="by-role">
        {roles.map((role) => {
          const changes = routes.filter((route) => rolesFor(route).includes(role));
          return (
            <details key={role} open={groups.includes(role)}>
              <summary>
                <b>{sentenceCase(roleName(role))}</b>
                <span className="quiet">{` ${text.changes(changes.length)}`}</span>
              </summary>
              <ul className="columns-of">
                {changes.map((route) => (
                  <li key={route}>{CHANGES[route]}</li>
                ))}
              </ul>
            </details>
          );
        })}
      </div>
    </section>
  );
}
