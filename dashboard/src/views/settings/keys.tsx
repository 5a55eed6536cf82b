/** Keys for programs: made with what they may do and until when, and ended. A secret is shown once and kept nowhere here. */

import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type Api, answer } from "../../api/client";
import type { components } from "../../api/schema";
import { useApp } from "../../app";
import { Heads } from "../../components/heads";
import { Empty, Panel } from "../../components/panel";
import { Badge } from "../../components/state";
import { Since, Time, useNow } from "../../components/time";
import { list } from "../../format";
import { Action } from "../../forms/action";
import { ChoiceField, TextField } from "../../forms/fields";
import { useTell } from "../../shell/told";
import { programs as text } from "../../strings/programs";

type Key = components["schemas"]["ShownKey"];
type Made = components["schemas"]["MadeKey"];
type Scope = components["schemas"]["Scope"];

const keys = (api: Api) =>
  queryOptions({
    queryKey: ["keys"],
    queryFn: async () => (await answer(api.GET("/api/v1/keys", { params: { query: { limit: 100 } } }))).keys,
    refetchInterval: false,
  });

/** From what a key may do to the scopes that say so. */
const SCOPES: Readonly<Record<string, readonly Scope[]>> = {
  read: ["read"],
  write: ["read", "write"],
  admin: ["read", "write", "admin"],
};

export function Keys(): ReactNode {
  const { api } = useApp();
  const found = useQuery(keys(api));
  const [made, setMade] = useState<Made | null>(null);
  return (
    <section className="card" aria-labelledby="title-keys">
      <div className="card-head">
        <h2 id="title-keys">{text.keys}</h2>
        <MakeKey made={setMade} />
      </div>
      <p className="quiet">{`${text.keysAbout} ${text.keysOf}`}</p>
      {made ? <Secret of={made} hide={() => setMade(null)} /> : null}
      <Panel what="the keys" of={found} lines={3}>
        {(all) => (all.length === 0 ? <Empty what={text.noKeys} /> : <Table keys={all} />)}
      </Panel>
    </section>
  );
}

function MakeKey({ made }: { made: (key: Made) => void }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/keys"
      label={text.make}
      about={text.keysAbout}
      told={({ name = "" }) => text.made(name)}
      touches={[["keys"]]}
      done={(key) => made(key as Made)}
      send={({ name = "", scope = "read", until }, headers) =>
        answer(
          api.POST("/api/v1/keys", {
            body: {
              name,
              scopes: [...(SCOPES[scope] ?? [])],
              ...(until ? { expires_at: `${until}T23:59:59Z` } : {}),
            },
            headers,
          }),
        )
      }
    >
      <TextField name="name" label={text.name} hint={text.nameHint} required />
      <ChoiceField name="scope" label={text.scope} required value="read" options={Object.entries(text.scopeNames)} />
      <TextField name="until" label={text.until} hint={text.untilHint} type="date" />
    </Action>
  );
}

function Secret({ of, hide }: { of: Made; hide: () => void }): ReactNode {
  const tell = useTell();
  const client = useQueryClient();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(of.secret);
    tell(text.copied);
  };
  return (
    <div className="notice warn" role="status">
      <div className="stack tight">
        <p>
          <b>{text.secret(of.key.name)}</b>
        </p>
        <p>
          <code>{of.secret}</code>
        </p>
        <p>{text.secretAbout}</p>
        <div className="toolbar">
          <button type="button" className="primary" onClick={() => void copy()}>
            {text.copy}
          </button>
          <button
            type="button"
            onClick={() => {
              client.getMutationCache().clear(); // the answer with the secret is not kept either
              hide();
            }}
          >
            {text.hide}
          </button>
        </div>
      </div>
    </div>
  );
}

function Table({ keys: all }: { keys: readonly Key[] }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[text.name, text.scopes, text.maker, text.used, text.state]} actions />
      <tbody>
        {all.map((one) => (
          <Row key={one.id} one={one} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ one }: { one: Key }): ReactNode {
  const now = useNow();
  const over = one.revoked_at ? text.ended : Date.parse(one.expires_at) < now ? text.expired : null;
  return (
    <tr>
      <th scope="row">{one.name}</th>
      <td data-label={text.scopes}>
        <span>{list(one.scopes)}</span>
      </td>
      <td data-label={text.maker}>
        <span>
          {one.made_by}
          <span className="reason">
            <Since at={one.made_at} />
          </span>
        </span>
      </td>
      <td data-label={text.used}>
        {one.used_at ? <Since at={one.used_at} /> : <span className="quiet">{text.never}</span>}
      </td>
      <td data-label={text.state}>
        {over ? (
          <Badge word={{ tone: "off", text: over }} />
        ) : (
          <span>
            {text.good}
            <Time at={one.expires_at} />
          </span>
        )}
      </td>
      <td>{over ? null : <EndKey one={one} />}</td>
    </tr>
  );
}

function EndKey({ one }: { one: Key }): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="DELETE /api/v1/keys/{key_id}"
      label={text.revoke}
      title={text.revokeTitle(one.name)}
      about={text.revokeAbout}
      tone="danger"
      told={text.revoked(one.name)}
      touches={[["keys"]]}
      send={(_, headers) => api.DELETE("/api/v1/keys/{key_id}", { params: { path: { key_id: one.id } }, headers })}
    />
  );
}
