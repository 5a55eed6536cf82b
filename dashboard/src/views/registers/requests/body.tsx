/** What a request holds: how it came, who asks as far as that is known, and what was answered. */

import type { ReactNode } from "react";
import { Warnings } from "../../../components/panel";
import { Time } from "../../../components/time";
import { list } from "../../../format";
import { requests as text } from "../../../strings/requests";
import { Facts } from "../fields";
import type { BodyProps } from "../register";
import type { RequestView } from "./types";

export function RequestBody({ view }: BodyProps<RequestView>): ReactNode {
  const { answer } = view;
  const earlier = view.earlier_answers ?? [];
  return (
    <div className="stack">
      <Warnings of={(view.warnings ?? []).map((warning) => `${text.warnings}: ${warning}`)} />
      <Facts
        facts={[
          [text.right, text.rights[view.right]],
          [text.reference, view.reference],
          [text.channel, text.channels[view.channel]],
          [text.receivedAt, <Time key="received" at={view.received_at} />],
          [text.identity, text.identities[view.identity ?? "not_checked"]],
          [text.subject, view.decision],
          [text.note, view.note],
          [
            text.extension,
            view.extended_at ? (
              <span key="extended">
                <Time at={view.extended_at} />
                {`: ${view.extension}`}
              </span>
            ) : null,
          ],
          [text.erasures, list(view.erasures ?? [], 8)],
          [text.answer, answer ? <Answered key="answer" of={answer} /> : text.noAnswer],
          ...(view.reopened_because ? [[text.reopenedBecause, view.reopened_because] as const] : []),
          ...earlier.map((one) => [text.earlier, <Answered key={one.at} of={one} />] as const),
        ]}
      />
    </div>
  );
}

function Answered({ of: answer }: { of: NonNullable<RequestView["answer"]> }): ReactNode {
  return (
    <span>
      {`${text.outcomes[answer.outcome]}, `}
      <Time at={answer.at} />
      {` · ${answer.recorded_by}`}
      {answer.ground ? ` · ${text.grounds[answer.ground]}` : ""}
      {answer.reason ? ` · ${answer.reason}` : ""}
      {answer.late_because ? ` · ${text.late}: ${answer.late_because}` : ""}
    </span>
  );
}
