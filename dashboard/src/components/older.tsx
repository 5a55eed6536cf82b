/** What is left of windows whose results are gone: one series of a check, by days and months. Read when it is opened. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { OlderPeriods } from "../api/types";
import { useApp } from "../app";
import { count, measure, NONE, span } from "../format";
import { older as text } from "../strings/older";
import { Heads } from "./heads";
import { Empty, Panel } from "./panel";

interface OlderProps {
  readonly id: string;
  readonly check: "drift" | "quality" | "bias";
  readonly outcome?: string;
  /** The column, metric or group, as summaries name it. */
  readonly series: string;
  /** The measure of it that is shown. */
  readonly shown: string;
}

export function Older(props: OlderProps): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.title}</summary>
      {open ? <Periods {...props} /> : null}
    </details>
  );
}

function Periods({ id, check, outcome, series, shown }: OlderProps): ReactNode {
  const found = useQuery(useApp().reads.model(id).older(check, outcome));
  return (
    <Panel what={text.of} of={found}>
      {(older) => <Table older={older ?? {}} series={series} shown={shown} />}
    </Panel>
  );
}

function Table({ older, series, shown }: { older: OlderPeriods; series: string; shown: string }): ReactNode {
  const periods = older.periods ?? [];
  if (periods.length === 0) return <Empty what={text.nothing} />;
  return (
    <>
      {older.note ? <p className="quiet">{`${older.note}.`}</p> : null}
      <table className="cards compact">
        <caption className="visually-hidden">{text.title}</caption>
        <Heads names={text.heads} />
        <tbody>
          {[...periods].reverse().map((period) => {
            const one = period.series?.[series];
            const values = one?.measures?.[shown];
            return (
              <tr key={`${period.level} ${period.period.start}`}>
                <th scope="row">{span(period.period)}</th>
                <td data-label={text.heads[1]}>{count(period.windows)}</td>
                <td data-label={text.heads[2]}>{one ? text.flagged(one.flagged ?? 0, period.windows) : NONE}</td>
                <td data-label={text.heads[3]}>{values ? measure(values.total / values.n) : text.none}</td>
                <td data-label={text.heads[4]}>
                  {values ? text.between(measure(values.least), measure(values.most)) : NONE}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
