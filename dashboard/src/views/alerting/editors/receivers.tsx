/** Who is told beside the owners: each with what it was told last, a test, and what it would have been told. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type DeliveryState, deliveries, type Receiver, receiver, receivers } from "../../../api/alerting_reads";
import { answer } from "../../../api/client";
import { type ChangeRoute, onlyFor, useApp, useMay } from "../../../app";
import { Heads } from "../../../components/heads";
import { Empty, Panel } from "../../../components/panel";
import { Badge } from "../../../components/state";
import { Since } from "../../../components/time";
import { Action, type Values } from "../../../forms/action";
import { ChoiceField, LongField, TextField } from "../../../forms/fields";
import { routing } from "../../../strings/routing";
import { word } from "../../../words";
import { free, lines, placeOf } from "./lists";
import { ChatPeople } from "./people";
import { severities } from "./rules";

const text = routing.receiver;
const SET: ChangeRoute = "PUT /api/v1/alerts/receivers/{receiver}";
const TOUCHES = [["receivers"], ["deliveries"]];

/** Which fields a channel has: whether it needs a secret, and its options, those it must have first. */
const CHANNELS: Readonly<Record<string, { secret: boolean; needs: readonly string[]; may: readonly string[] }>> = {
  email: { secret: false, needs: ["to"], may: [] },
  slack_bot: { secret: true, needs: ["channel"], may: ["signing_secret"] },
  slack: { secret: true, needs: [], may: [] },
  teams: { secret: true, needs: [], may: [] },
  pagerduty: { secret: true, needs: [], may: ["region"] },
  jira: { secret: true, needs: [], may: ["base"] },
  webhook: { secret: true, needs: ["url"], may: [] },
  sns: { secret: false, needs: [], may: [] },
};
/** A channel may have an option of its own name. */
function optionField(name: string): string {
  return `option_${name}`;
}
const PLACE = placeOf({
  name: "name",
  "path.receiver": "name",
  channel: "channel",
  secret: "secret",
  severity: "severity",
  owners: "owners",
  ...Object.fromEntries(
    Object.keys(text.options).flatMap((name) => [
      [`option ${name}`, optionField(name)],
      [`options.${name}`, optionField(name)],
    ]),
  ),
});

export function Receivers(): ReactNode {
  const may = useMay()(SET);
  if (!may) return <p className="quiet">{text.onlyFor + onlyFor(SET)}</p>;
  return (
    <>
      <List />
      <ChatPeople />
    </>
  );
}

function List(): ReactNode {
  const { api } = useApp();
  const found = useQuery(receivers(api));
  const told = useQuery(deliveries(api));
  return (
    <section className="card" aria-labelledby="title-receivers">
      <div className="card-head">
        <h2 id="title-receivers">{routing.receivers}</h2>
        <Edit label={text.add} etag={null} taken={(found.data ?? []).map(({ name }) => name)} />
      </div>
      <Panel what="the receivers" of={found} lines={4}>
        {(list) =>
          list.length === 0 ? (
            <Empty what={text.none} hint={text.noneHint} />
          ) : (
            <table className="cards">
              <Heads names={[routing.name, text.channel, text.least, text.told]} actions />
              <tbody>
                {list.map((one) => (
                  <Row key={one.name} one={one} told={(told.data ?? []).filter((of) => of.receiver === one.name)} />
                ))}
              </tbody>
            </table>
          )
        }
      </Panel>
    </section>
  );
}

function Row({ one, told }: { one: Receiver; told: readonly DeliveryState[] }): ReactNode {
  const { api } = useApp();
  const kept = useQuery(receiver(api, one.name));
  const last = told
    .flatMap(({ told_at }) => told_at ?? [])
    .sort()
    .at(-1);
  const etag = kept.data?.etag;
  const where = [one.secret, ...Object.values(one.options ?? {}), ...one.owners].filter(Boolean).join(", ");
  return (
    <tr>
      <th scope="row">{one.name}</th>
      <td data-label={text.channel}>
        <span>
          {text.channels[one.channel] ?? one.channel}
          <span className="reason">{where}</span>
        </span>
      </td>
      <td data-label={text.least}>
        <Badge word={word(one.severity)} />
      </td>
      <td data-label={text.told}>
        <div>
          {last ? <Since at={last} /> : <span className="quiet">{text.never}</span>}
          {told
            .filter(({ trouble }) => trouble)
            .map((of) => (
              <Refused key={of.id} of={of} />
            ))}
        </div>
      </td>
      <td>
        <div className="toolbar">
          <Test name={one.name} />
          <Edit label={routing.edit} one={one} etag={etag} />
          <Action
            route="DELETE /api/v1/alerts/receivers/{receiver}"
            label={routing.remove}
            title={text.removeTitle(one.name)}
            about={text.removeAbout}
            tone="danger"
            told={routing.removed(one.name)}
            touches={TOUCHES}
            etag={etag}
            send={(_, headers) =>
              api.DELETE("/api/v1/alerts/receivers/{receiver}", { params: { path: { receiver: one.name } }, headers })
            }
          />
        </div>
      </td>
    </tr>
  );
}

/** What it did not take, why, and letting the next run try. */
function Refused({ of }: { of: DeliveryState }): ReactNode {
  const { api } = useApp();
  return (
    <div className="stack">
      <span className="reason">{`${text.waits(of.tries || 1)}: ${of.trouble}`}</span>
      <Action
        route="POST /api/v1/alerts/deliveries/{delivery}/retry"
        label={text.again}
        told={text.tried}
        touches={[["deliveries"]]}
        send={(_, headers) =>
          api.POST("/api/v1/alerts/deliveries/{delivery}/retry", { params: { path: { delivery: of.id } }, headers })
        }
      />
    </div>
  );
}

function Test({ name }: { name: string }): ReactNode {
  const { api } = useApp();
  const [said, setSaid] = useState("");
  return (
    <>
      <Action
        route="POST /api/v1/alerts/receivers/{receiver}/test"
        label={text.test}
        title={text.testTitle(name)}
        about={text.testAbout}
        told={text.testTitle(name)}
        touches={[]}
        send={async (_, headers) => {
          const request = api.POST("/api/v1/alerts/receivers/{receiver}/test", {
            params: { path: { receiver: name } },
            headers,
          });
          const { sent, reason } = await answer(request);
          setSaid(sent ? text.sent : sent === false ? text.notSent(reason ?? "") : text.perhaps(reason ?? ""));
        }}
      />
      <span role="status">{said}</span>
    </>
  );
}

interface EditProps {
  readonly label: string;
  /** The one to change; else a new one, under a name that is not taken. */
  readonly one?: Receiver;
  readonly etag: string | null | undefined;
  readonly taken?: readonly string[];
}

function Edit({ label, one, etag, taken = [] }: EditProps): ReactNode {
  const { api } = useApp();
  const nameOf = (values: Values): string => one?.name ?? values["name"] ?? "";
  return (
    <Action
      route={SET}
      label={label}
      title={one ? text.editTitle(one.name) : label}
      {...(one ? {} : { tone: "primary" as const })}
      about={text.about}
      confirm={routing.save}
      told={(values) => routing.saved(nameOf(values))}
      touches={TOUCHES}
      etag={etag}
      place={PLACE}
      trial={{
        label: routing.tryIt,
        run: async (values) => {
          const body = { name: nameOf(values), ...settingsOf(values) };
          const tried = await answer(api.POST("/api/v1/alerts/receivers/dry-run", { body }));
          return <p>{tried.named ? routing.wouldTell(body.name, tried.messages) : text.unnamed}</p>;
        },
      }}
      send={async (values, headers) => {
        if (!one) free(nameOf(values), taken);
        return api.PUT("/api/v1/alerts/receivers/{receiver}", {
          params: { path: { receiver: nameOf(values) } },
          body: settingsOf(values),
          headers,
        });
      }}
    >
      {one ? null : <TextField name="name" label={routing.name} hint={routing.nameHint} required />}
      <ChannelFields one={one} />
      <ChoiceField name="severity" label={text.least} required value={one?.severity ?? "high"} options={severities} />
      <LongField
        name="owners"
        label={text.ofOwners}
        hint={text.ofOwnersHint}
        rows={2}
        value={one?.owners.join("\n") ?? ""}
      />
    </Action>
  );
}

/** The channel, and the fields that it has. */
function ChannelFields({ one }: { one: Receiver | undefined }): ReactNode {
  const [channel, setChannel] = useState(one?.channel ?? "slack_bot");
  const { secret, needs, may } = CHANNELS[channel] ?? { secret: true, needs: [], may: [] };
  return (
    <div
      className="stack"
      onChange={({ target }) => {
        const { name, value } = target as unknown as HTMLSelectElement;
        if (name === "channel") setChannel(value);
      }}
    >
      <ChoiceField
        name="channel"
        label={text.channel}
        required
        value={channel}
        options={Object.keys(CHANNELS).map((name) => [name, text.channels[name] ?? name] as const)}
      />
      {secret ? (
        <TextField name="secret" label={text.secret} hint={text.secretHint} required value={one?.secret ?? ""} />
      ) : null}
      {[...needs, ...may].map((name) => (
        <TextField
          key={name}
          name={optionField(name)}
          label={text.options[name]?.[0] ?? name}
          hint={text.options[name]?.[1] ?? ""}
          required={needs.includes(name)}
          value={one?.options?.[name] ?? ""}
        />
      ))}
    </div>
  );
}

function settingsOf(values: Values) {
  const channel = values["channel"] ?? "";
  const { secret, needs, may } = CHANNELS[channel] ?? { secret: true, needs: [], may: [] };
  const given = [...needs, ...may].flatMap((name) => {
    const value = values[optionField(name)];
    return value ? [[name, value] as const] : [];
  });
  return {
    channel,
    secret: secret ? values["secret"] || null : null,
    options: Object.fromEntries(given),
    severity: (values["severity"] ?? "high") as Receiver["severity"],
    owners: lines(values["owners"]),
  };
}
