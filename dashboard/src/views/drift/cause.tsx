/** What carries the newest window's change, and whether the model's answers and its quality moved with it. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { RootCause } from "../../api/types";
import { useApp } from "../../app";
import { Breakable } from "../../components/breakable";
import { Panel } from "../../components/panel";
import { Badge, StateBadge } from "../../components/state";
import { WindowName } from "../../components/time";
import { percent, sentenceCase } from "../../format";
import { drift as text } from "../../strings/drift";
import type { Word } from "../../words";

const SHOWN = 5;

export function Cause({ id }: { id: string }): ReactNode {
  const cause = useQuery(useApp().reads.model(id).rootCause());
  return (
    <div className="stack">
      <h3>{text.cause}</h3>
      <Panel what={text.whatCarries} of={cause} lines={4}>
        {(found) => (
          <>
            <dl className="described">
              <Moved name={text.answers} moved={found.predictions_moved} said={found.predictions} />
              <Moved name={text.quality} moved={found.quality_moved} said={found.quality} />
            </dl>
            {found.ranked.length === 0 ? <p className="quiet">{text.noCause}</p> : <Ranked found={found} />}
          </>
        )}
      </Panel>
    </div>
  );
}

function answerOf(moved: boolean | null): Word {
  if (moved === null) return { tone: "unsure", text: text.untold };
  return moved ? { tone: "bad", text: text.moved } : { tone: "good", text: text.unmoved };
}

function Moved({ name, moved, said }: { name: string; moved: boolean | null; said: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Badge word={answerOf(moved)} /> <span className="quiet">{sentenceCase(said)}</span>
      </dd>
    </div>
  );
}

function Ranked({ found }: { found: RootCause }): ReactNode {
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">{text.column}</th>
          <th scope="col" className="number">
            {text.share}
          </th>
          <th scope="col">{text.since}</th>
          <th scope="col">{text.why}</th>
        </tr>
      </thead>
      <tbody>
        {found.ranked.slice(0, SHOWN).map((one) => (
          <tr key={one.feature}>
            <th scope="row">
              <Breakable name={one.feature} /> <StateBadge name={one.severity} />
            </th>
            <td className="number" data-label={text.share}>
              <span>{percent(one.share, 0)}</span>
            </td>
            <td data-label={text.since}>
              {one.since ? <WindowName window={one.since} /> : <span className="quiet">–</span>}
            </td>
            <td data-label={text.why}>
              <span>{sentenceCase(one.reason)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
