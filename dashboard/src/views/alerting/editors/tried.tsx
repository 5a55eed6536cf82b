/** What a trial said: whom it would have told, and how often. */

import type { ReactNode } from "react";
import type { WouldTell } from "../../../api/alerting_reads";
import { routing as text } from "../../../strings/routing";

export const receiverName = (name: string): string => (name === "owners" ? text.owners : name);

interface ToldProps {
  readonly told: readonly WouldTell[];
  readonly say?: (receiver: string, count: number) => string;
  readonly nobody?: string;
}

export function ToldList({ told, say = text.wouldTell, nobody = text.wouldTellNobody }: ToldProps): ReactNode {
  if (told.length === 0) return <p>{nobody}</p>;
  return (
    <ul>
      {told.map((one) => (
        <li key={one.receiver}>{say(receiverName(one.receiver), one.messages)}</li>
      ))}
    </ul>
  );
}
