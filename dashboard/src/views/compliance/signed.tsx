/** What is to be signed over all models, one's own first; then what people signed about the organisation as a whole. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { DueSignature } from "../../api/types";
import { useApp } from "../../app";
import { Heads } from "../../components/heads";
import { Empty, Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Time } from "../../components/time";
import { words } from "../../format";
import { strings } from "../../strings";
import { signing } from "../../strings/signing";
import { DueLine, Sign, soonestFirst } from "./sign";

const text = strings.compliance;

export function Signatures(): ReactNode {
  const { reads } = useApp();
  const mine = useQuery(reads.signatures("mine"));
  const all = useQuery(reads.signatures("all"));
  return (
    <>
      <h2>{signing.due}</h2>
      <p className="quiet">{text.statementRead}</p>
      <Panel what="the signatures that are due" of={all} lines={5}>
        {(everybodys) => (
          <Panel what="your signatures" of={mine} lines={2}>
            {(own) => <Due mine={own} all={everybodys} />}
          </Panel>
        )}
      </Panel>
      <h2>{text.signedHead}</h2>
      <Signed />
    </>
  );
}

const keyOf = (one: DueSignature): string => `${one.model_id} ${one.topic} ${one.role}`;

/** What comes first is in view; the rest opens. */
const FIRST = 5;

function toSign(due: DueSignature): ReactNode {
  return (
    <DueLine key={keyOf(due)} due={due}>
      <Sign due={due} />
    </DueLine>
  );
}

export function Due({ mine, all }: { mine: readonly DueSignature[]; all: readonly DueSignature[] }): ReactNode {
  const own = [...mine].sort(soonestFirst);
  const keys = new Set(mine.map(keyOf));
  const others = all.filter((one) => !keys.has(keyOf(one))).sort(soonestFirst);
  if (all.length === 0) return <p className="quiet">{signing.noneAtAll}</p>;
  return (
    <>
      {mine.length ? (
        <>
          <ul className="checks dues">{own.slice(0, FIRST).map(toSign)}</ul>
          {own.length > FIRST ? (
            <details>
              <summary>{signing.more(own.length - FIRST)}</summary>
              <ul className="checks dues">{own.slice(FIRST).map(toSign)}</ul>
            </details>
          ) : null}
        </>
      ) : (
        <p className="quiet">{signing.none}</p>
      )}
      {others.length ? (
        <details>
          <summary>{signing.others(others.length)}</summary>
          <ul className="checks dues">
            {others.map((one) => (
              <DueLine key={keyOf(one)} due={one} />
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}

function Signed(): ReactNode {
  const signed = useQuery(useApp().reads.signed());
  return (
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
  );
}
