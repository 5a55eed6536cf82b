/** What people signed about the organisation as a whole. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApp } from "../../app";
import { Heads } from "../../components/heads";
import { Empty, Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Time } from "../../components/time";
import { words } from "../../format";
import { strings } from "../../strings";

const text = strings.compliance;

export function Signed(): ReactNode {
  const signed = useQuery(useApp().reads.signed());
  return (
    <>
      <p className="quiet">{text.signHow}</p>
      <Panel what="the signatures" of={signed} lines={4}>
        {(found) =>
          found.length === 0 ? (
            <Empty what={text.noSigned} />
          ) : (
            <table className="cards">
              <Heads names={[text.topic, text.statement, text.signer, text.decision]} />
              <tbody>
                {found.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">{words(one.topic)}</th>
                    <td data-label={text.statement}>
                      <span>{one.statement}</span>
                    </td>
                    <td data-label={text.signer}>
                      <span>{text.signed(one.signer, words(one.role))}</span>
                    </td>
                    <td data-label={text.decision}>
                      <div>
                        <StateBadge name={one.withdrawn_at ? "withdrawn" : one.decision} />
                        <span className="reason">
                          {text.until}
                          <Time at={one.expires_at} />
                        </span>
                      </div>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Panel>
    </>
  );
}
