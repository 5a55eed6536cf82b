/** Whose account a member of Slack has: without it buttons there change nothing. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { chatPeople } from "../../../api/alerting_reads";
import { useApp } from "../../../app";
import { Heads } from "../../../components/heads";
import { Panel } from "../../../components/panel";
import { Time } from "../../../components/time";
import { Action } from "../../../forms/action";
import { TextField } from "../../../forms/fields";
import { routing } from "../../../strings/routing";
import { placeOf } from "./lists";

const text = routing.person;
const TOUCHES = [["chat-people"]];
const PLACE = placeOf({ person: "person", member: "member", "path.member": "member" });

export function ChatPeople(): ReactNode {
  const { api } = useApp();
  const people = useQuery(chatPeople(api));
  return (
    <section className="card" aria-labelledby="title-chat">
      <div className="card-head">
        <h2 id="title-chat">{text.title}</h2>
        <Action
          route="PUT /api/v1/alerts/people/{member}"
          label={text.add}
          about={text.about}
          confirm={routing.save}
          told={({ member = "" }) => routing.saved(member)}
          touches={TOUCHES}
          place={PLACE}
          send={({ member = "", person = "" }, headers) =>
            api.PUT("/api/v1/alerts/people/{member}", { params: { path: { member } }, body: { person }, headers })
          }
        >
          <TextField name="member" label={text.member} hint={text.memberHint} required />
          <TextField name="person" label={text.account} hint={text.accountHint} required />
        </Action>
      </div>
      <Panel what="who is who" of={people} lines={2}>
        {(found) =>
          found.length === 0 ? (
            <p className="quiet">{text.none}</p>
          ) : (
            <table className="cards">
              <Heads names={[text.member, text.account, text.by]} actions />
              <tbody>
                {found.map((one) => (
                  <tr key={one.member}>
                    <th scope="row">{one.member}</th>
                    <td data-label={text.account}>
                      <span>{one.person}</span>
                    </td>
                    <td data-label={text.by}>
                      <span>
                        {`${one.set_by}, `}
                        <Time at={one.set_at} />
                      </span>
                    </td>
                    <td>
                      <Action
                        route="DELETE /api/v1/alerts/people/{member}"
                        label={routing.remove}
                        title={text.removeTitle(one.member)}
                        tone="danger"
                        told={routing.removed(one.member)}
                        touches={TOUCHES}
                        send={(_, headers) =>
                          api.DELETE("/api/v1/alerts/people/{member}", {
                            params: { path: { member: one.member } },
                            headers,
                          })
                        }
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Panel>
    </section>
  );
}
