/** Issuers whose tokens pipelines exchange for short-lived keys, for administrators. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Api, answer, edition } from "../../api/client";
import type { components } from "../../api/schema";
import { type ChangeRoute, useApp, useMay } from "../../app";
import { Heads } from "../../components/heads";
import { Empty, Panel } from "../../components/panel";
import { Since } from "../../components/time";
import { list } from "../../format";
import { Action, type Values } from "../../forms/action";
import { ChoiceField, LongField, TextField } from "../../forms/fields";
import { programs as text } from "../../strings/programs";

type Issuer = components["schemas"]["Issuer"];
type Rules = components["schemas"]["IssuerRules"];

const SET: ChangeRoute = "PUT /api/v1/auth/issuers/{issuer}";

const issuers = (api: Api) =>
  queryOptions({
    queryKey: ["issuers"],
    queryFn: async () => (await answer(api.GET("/api/v1/auth/issuers"))).issuers,
    refetchInterval: false,
  });

export function Partners(): ReactNode {
  const { api } = useApp();
  const admin = useMay()(SET);
  const found = useQuery({ ...issuers(api), enabled: admin });
  return (
    <section className="card" aria-labelledby="title-partners">
      <div className="card-head">
        <h2 id="title-partners">{text.partners}</h2>
        <SetIssuer />
      </div>
      <p className="quiet">{admin ? text.partnersAbout : text.partnersHidden}</p>
      {admin ? (
        <Panel what="the issuers" of={found} lines={2}>
          {(all) => (all.length === 0 ? <Empty what={text.noPartners} /> : <Table issuers={all} />)}
        </Panel>
      ) : null}
    </section>
  );
}

function Table({ issuers: all }: { issuers: readonly Issuer[] }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[text.issuer, text.claims, text.scopes, text.maker]} actions />
      <tbody>
        {all.map((one) => (
          <tr key={one.name}>
            <th scope="row">
              {one.name}
              <span className="reason">{one.issuer}</span>
              <span className="reason">{`${text.audience}: ${one.audience}`}</span>
            </th>
            <td data-label={text.claims}>
              <ul>
                {Object.entries(one.claims).map(([name, value]) => (
                  <li key={name}>
                    <code>{`${name}=${value}`}</code>
                  </li>
                ))}
              </ul>
            </td>
            <td data-label={text.scopes}>
              <span>
                {list(one.scopes)}
                {one.owner ? <span className="reason">{`${text.owner} ${one.owner}`}</span> : null}
              </span>
            </td>
            <td data-label={text.maker}>
              <span>
                {one.changed_by}
                <span className="reason">
                  <Since at={one.changed_at} />
                </span>
              </span>
            </td>
            <td>
              <div className="toolbar">
                <SetIssuer of={one} />
                <RemoveIssuer of={one} />
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `name=value`, one a line; what has no name or no value is sent as it stands, and the API says what is wrong with it. */
export function claimsOf(lines: string): Record<string, string> {
  const pairs = lines
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line): [string, string] => {
      const at = line.indexOf("=");
      return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
  return Object.fromEntries(pairs);
}

export function rulesOf(values: Values): Rules {
  return {
    issuer: values["issuer_url"] ?? "",
    audience: values["audience"] ?? "",
    claims: claimsOf(values["claims"] ?? ""),
    scopes: values["scope"] === "write" ? ["read", "write"] : ["read"],
    owner: values["owner"] || null,
    jwks_uri: values["jwks_uri"] || null,
  };
}

function SetIssuer({ of }: { of?: Issuer }): ReactNode {
  const { api } = useApp();
  const admin = useMay()(SET);
  const path = { issuer: of?.name ?? "" };
  const record = useQuery({
    queryKey: ["issuers", of?.name],
    queryFn: () => edition(api.GET("/api/v1/auth/issuers/{issuer}", { params: { path } })),
    enabled: admin && of !== undefined,
    refetchInterval: false,
  });
  return (
    <Action
      route={SET}
      label={of ? text.change : text.add}
      title={of ? `${text.change}: ${of.name}` : text.add}
      about={text.partnersAbout}
      etag={of ? record.data?.etag : null}
      told={({ name }) => text.set(of?.name ?? name ?? "")}
      touches={[["issuers"]]}
      send={(values, headers) =>
        api.PUT("/api/v1/auth/issuers/{issuer}", {
          params: { path: { issuer: of?.name ?? values["name"] ?? "" } },
          body: rulesOf(values),
          headers,
        })
      }
    >
      {of ? null : <TextField name="name" label={text.ruleName} hint={text.ruleHint} required />}
      <TextField name="issuer_url" label={text.issuer} type="url" required value={of?.issuer ?? ""} />
      <TextField name="audience" label={text.audience} required value={of?.audience ?? ""} />
      <LongField
        name="claims"
        label={text.claims}
        hint={text.claimsHint}
        required
        value={Object.entries(of?.claims ?? {})
          .map(([name, value]) => `${name}=${value}`)
          .join("\n")}
      />
      <ChoiceField
        name="scope"
        label={text.scope}
        required
        value={of?.scopes.includes("write") ? "write" : "read"}
        options={["read", "write"].map((one) => [one, text.scopeNames[one] ?? one] as const)}
      />
      <TextField name="owner" label={text.owner} hint={text.ownerHint} type="email" value={of?.owner ?? ""} />
      <TextField name="jwks_uri" label={text.jwks} hint={text.jwksHint} type="url" value={of?.jwks_uri ?? ""} />
    </Action>
  );
}

function RemoveIssuer({ of }: { of: Issuer }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="DELETE /api/v1/auth/issuers/{issuer}"
      label={text.remove}
      title={text.removeTitle(of.name)}
      about={text.removeAbout}
      tone="danger"
      told={text.removed(of.name)}
      touches={[["issuers"]]}
      send={(_, headers) =>
        api.DELETE("/api/v1/auth/issuers/{issuer}", { params: { path: { issuer: of.name } }, headers })
      }
    />
  );
}
