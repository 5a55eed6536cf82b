/** How old what is known of a model in another cloud is. Quiet while the clouds meet, plain when they do not. */

import type { ReactNode } from "react";
import type { Mirror, Standing } from "../api/types";
import { ago, duration, sentenceCase } from "../format";
import { mirrored as strings } from "../strings/mirrored";
import { cloud } from "../words";
import { Since, useNow } from "./time";

/** The clouds meet every few minutes; after this long without, the age is worth a word. */
const LATE = 30 * 60_000;

type Row = Pick<Standing, "model" | "mirroredAt">;

/** "from Azure, 5 minutes ago"; "not heard from Azure for 7 days". Null: the model runs where this is read. */
export function heard(row: Row, now: number): string | null {
  if (row.mirroredAt === null) return null;
  const name = short(row.model.cloud);
  const age = now - Date.parse(row.mirroredAt);
  return age < LATE ? `from ${name}, ${ago(row.mirroredAt, now)}` : `not heard from ${name} for ${duration(age)}`;
}

/** Above everything that is old because its cloud was not heard for a while. */
export function Late({ row }: { row: Row }): ReactNode {
  const now = useNow();
  if (row.mirroredAt === null || now - Date.parse(row.mirroredAt) < LATE) return null;
  return (
    <div className="notice warn" role="status">
      <p>
        <b>{`${sentenceCase(heard(row, now) ?? "")}. `}</b>
        {strings.old}
      </p>
    </div>
  );
}

/** The same, growing older on the page. */
export function Mirrored(props: { row: Pick<Standing, "model" | "mirroredAt">; className?: string }): ReactNode {
  const text = heard(props.row, useNow());
  return text === null ? null : <span className={props.className}>{text}</span>;
}

/** A notice for pages that show mirrored models while their cloud does not answer. */
export function Unreached({ mirror }: { mirror: Mirror | null }): ReactNode {
  if (!mirror?.unavailable) return null;
  return (
    <div className="notice warn" role="status">
      <p>
        <b>{"Azure is not reached. "}</b>
        {mirror.mirrored_at ? (
          <>
            {"Its models are shown as they were "}
            <Since at={mirror.mirrored_at} />
            {". "}
          </>
        ) : (
          "It has never been reached. "
        )}
        {`Nothing is lost: what it finds meanwhile follows. Reason: ${mirror.unavailable}`}
      </p>
    </div>
  );
}

function short(name: string): string {
  return cloud(name).replace(/ .*/, "");
}
