/** Clocks of the law and days by which something is due: the state in a word, the time left, the end in the reader's zone. */

import type { ReactNode } from "react";
import { Badge, Icon } from "../../components/state";
import { Time, useNow } from "../../components/time";
import { duration } from "../../format";
import { CLOCKS, registers as text } from "../../strings/registers";
import { type Word, word } from "../../words";
import type { Clock, ClockStanding, EntryCounts, EntryStanding } from "./register";

export const clockWord = (state: string): Word => CLOCKS[state] ?? word(state);

const OPEN: readonly string[] = ["late", "due_soon", "running"];

/** "3 hours left", "2 days late"; it changes while the page stays open. */
export function TimeLeft({ due }: { due: string }): ReactNode {
  const left = Date.parse(due) - useNow();
  return <span className="nowrap">{left >= 0 ? text.left(duration(left)) : text.over(duration(-left))}</span>;
}

/** What is most urgent of an entry: one line of a list. */
export function Urgency({ standing }: { standing: EntryStanding }): ReactNode {
  const { worst, due } = standing;
  if (!due || !worst) return <span className="quiet">{text.nothingDue}</span>;
  return (
    <span>
      <Badge word={clockWord(worst)} /> <TimeLeft due={due} />
      <span className="reason">
        <Time at={due} />
      </span>
    </span>
  );
}

interface ClocksProps {
  readonly standing: EntryStanding;
  /** The same clocks with the law they follow; days have none. */
  readonly laws?: readonly Clock[] | undefined;
}

export function Clocks({ standing, laws = [] }: ClocksProps): ReactNode {
  const clocks = [...(standing.clocks ?? [])].sort(openFirst);
  if (clocks.length === 0) return <p className="quiet">{text.noClocks}</p>;
  return (
    <ul className="clocks">
      {clocks.map((clock) => (
        <li key={`${clock.name} ${clock.due}`}>
          <Running clock={clock} law={laws.find((one) => one.name === clock.name)} />
        </li>
      ))}
    </ul>
  );
}

/** What still runs before what is over, and what ends first before. */
function openFirst(one: ClockStanding, other: ClockStanding): number {
  const over = (clock: ClockStanding): number => Number(!OPEN.includes(clock.state));
  return over(one) - over(other) || one.due.localeCompare(other.due);
}

function Running({ clock, law }: { clock: ClockStanding; law: Clock | undefined }): ReactNode {
  const runs = OPEN.includes(clock.state);
  return (
    <>
      <p className="about">
        <Badge word={clockWord(clock.state)} />
        <b>{clock.title}</b>
        {runs ? <TimeLeft due={clock.due} /> : null}
        {runs && clock.at_once ? <span>{text.atOnce}</span> : null}
      </p>
      <p className="quiet">
        {law ? (
          <>
            {`${law.legal_basis}, ${text.began} `}
            <Time at={law.started_at} />
            {law.from_what ? ` (${law.from_what})` : ""}
            {", "}
          </>
        ) : null}
        {`${text.ends} `}
        <Time at={clock.due} />
        {clock.by_law === false ? `. ${text.ownMeasure}` : ""}
        {law?.extended_because ? `. ${law.extended_because}` : ""}
        {law?.stopped_because ? `. ${text.stopped(law.stopped_because)}` : ""}
      </p>
    </>
  );
}

/** How many entries are in which state, and how urgent the open ones are. */
export function Counted({ counts, stateWord }: { counts: EntryCounts; stateWord(state: string): Word }): ReactNode {
  return (
    <div className="counted">
      <Tallied title={text.byUrgency} counts={counts.by_urgency} order={OPEN} wordOf={clockWord} />
      <Tallied title={text.byState} counts={counts.by_state} order={[]} wordOf={stateWord} />
      {counts.whole === false ? <p className="quiet">{text.onlyFirst}</p> : null}
    </div>
  );
}

interface TalliedProps {
  readonly title: string;
  readonly counts: Readonly<Record<string, number | undefined>>;
  readonly order: readonly string[];
  wordOf(name: string): Word;
}

function Tallied({ title, counts, order, wordOf }: TalliedProps): ReactNode {
  const names = [...order, ...Object.keys(counts).filter((name) => !order.includes(name))];
  const found = names.filter((name) => (counts[name] ?? 0) > 0);
  if (found.length === 0) return null;
  return (
    <ul className="tally" aria-label={title}>
      {found.map((name) => {
        const what = wordOf(name);
        return (
          <li key={name}>
            <Icon tone={what.tone} />
            <b>{counts[name]}</b> {what.text}
          </li>
        );
      })}
    </ul>
  );
}
