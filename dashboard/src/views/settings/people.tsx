/** Who may sign in and in which roles, for administrators: invite, give roles, stop somebody. Each is in the audit trail. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Api, answer, edition } from "../../api/client";
import type { components } from "../../api/schema";
import { type ChangeRoute, rolesFor, useApp, useMay } from "../../app";
import { Heads } from "../../components/heads";
import { Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { list, sentenceCase } from "../../format";
import { Action, type Values } from "../../forms/action";
import { ChoiceField, TextField } from "../../forms/fields";
import { strings } from "../../strings";
import { roleName } from "../../words";

type User = components["schemas"]["User"];
type Role = components["schemas"]["UserRoles"]["roles"][number];

const text = strings.people;
const INVITE: ChangeRoute = "POST /api/v1/users";
const MOST = 60;

/** The list names no roles; each person's own record does. */
const person = (api: Api, name: string) =>
  queryOptions({
    queryKey: ["users", name],
    queryFn: () => edition(api.GET("/api/v1/users/{user}", { params: { path: { user: name } } })),
    refetchInterval: false,
  });

export function People(): ReactNode {
  const { api } = useApp();
  const admin = useMay()(INVITE);
  const users = useQuery({
    queryKey: ["users"],
    queryFn: () => answer(api.GET("/api/v1/users", { params: { query: { limit: MOST } } })),
    enabled: admin,
    refetchInterval: false,
  });
  return (
    <section className="card" aria-labelledby="title-people">
      <div className="card-head">
        <h2 id="title-people">{text.title}</h2>
        <Invite />
      </div>
      {admin ? (
        <Panel what="the people" of={users} lines={4}>
          {(page) => (
            <>
              <Table users={page.users} />
              {page.next_token ? <p className="quiet">{text.first(MOST)}</p> : null}
            </>
          )}
        </Panel>
      ) : (
        <p className="quiet">{text.onlyAdmins}</p>
      )}
    </section>
  );
}

function Table({ users }: { users: readonly User[] }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[text.person, text.roles, text.state]} actions />
      <tbody>
        {users.map((user) => (
          <Row key={user.name} user={user} />
        ))}
      </tbody>
    </table>
  );
}

function stateOf(user: User): { readonly tone: "good" | "warn" | "off"; readonly text: string } {
  if (!user.enabled) return { tone: "off", text: text.stopped };
  return user.confirmed ? { tone: "good", text: text.active } : { tone: "warn", text: text.invited };
}

function Row({ user }: { user: User }): ReactNode {
  const { api, session } = useApp();
  const found = useQuery(person(api, user.name));
  const roles = found.data?.value.roles ?? user.roles;
  const self = user.email === session.person.name;
  return (
    <tr>
      <th scope="row">{user.email}</th>
      <td data-label={text.roles}>
        <span>
          {roles
            ? list(
                roles.map((role) => sentenceCase(roleName(role))),
                9,
              ) || text.none
            : "…"}
        </span>
      </td>
      <td data-label={text.state}>
        <Badge word={stateOf(user)} />
      </td>
      <td>
        {self ? (
          <span className="quiet">{text.self}</span>
        ) : (
          <div className="toolbar">
            {roles ? <GiveRoles user={user} roles={roles} etag={found.data?.etag} /> : null}
            <Access user={user} etag={found.data?.etag} />
          </div>
        )}
      </td>
    </tr>
  );
}

/** Every role that any change asks for, and that of auditors, who only read. */
const ROLES = [...new Set(["auditor", ...rolesFor("POST /api/v1/compliance/reports")])].sort() as Role[];

function RoleFields({ held }: { held: readonly string[] }): ReactNode {
  return (
    <fieldset className="field">
      <legend>{text.roles}</legend>
      {ROLES.map((role) => (
        <ChoiceField
          key={role}
          name={role}
          label={sentenceCase(roleName(role))}
          required
          says
          value={held.includes(role) ? "yes" : "no"}
          options={[
            ["no", strings.model.no],
            ["yes", strings.model.yes],
          ]}
        />
      ))}
    </fieldset>
  );
}

export function chosenRoles(values: Values): Role[] {
  return ROLES.filter((role) => values[role] === "yes");
}

function Invite(): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route={INVITE}
      label={text.invite}
      about={text.inviteAbout}
      told={({ email = "" }) => text.wasInvited(email)}
      touches={[["users"]]}
      send={({ email = "", ...values }, headers) =>
        api.POST("/api/v1/users", { body: { email, roles: chosenRoles(values) }, headers })
      }
    >
      <TextField name="email" label={text.email} type="email" required />
      <RoleFields held={["auditor"]} />
    </Action>
  );
}

interface Given {
  readonly user: User;
  readonly etag: string | null | undefined;
}

function GiveRoles({ user, roles, etag }: Given & { roles: readonly string[] }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="PUT /api/v1/users/{user}/roles"
      label={text.give}
      title={text.giveTo(user.email)}
      about={text.giveAbout}
      etag={etag}
      told={text.given(user.email)}
      touches={[["users"]]}
      send={(values, headers) =>
        api.PUT("/api/v1/users/{user}/roles", {
          params: { path: { user: user.name } },
          body: { roles: chosenRoles(values) },
          headers,
        })
      }
    >
      <RoleFields held={roles} />
    </Action>
  );
}

function Access({ user, etag }: Given): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="PATCH /api/v1/users/{user}"
      label={user.enabled ? text.stop : text.letIn}
      title={`${user.enabled ? text.stop : text.letIn}: ${user.email}`}
      about={user.enabled ? text.stopAbout : text.letInAbout}
      tone={user.enabled ? "danger" : "plain"}
      etag={etag}
      told={user.enabled ? text.wasStopped(user.email) : text.wasLetIn(user.email)}
      touches={[["users"]]}
      send={(_, headers) =>
        api.PATCH("/api/v1/users/{user}", {
          params: { path: { user: user.name } },
          body: { enabled: !user.enabled },
          headers,
        })
      }
    />
  );
}
