/** States as icon and word: never by colour alone. */

import type { ReactNode } from "react";
import { type Tone, type Word, word } from "../words";

const SHAPES: Readonly<Record<Tone, string>> = {
  bad: "M5 1h6l4 4v6l-4 4H5l-4-4V5z",
  warn: "M8 1.5 15.2 14H.8z",
  unsure: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z",
  good: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z",
  off: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z",
};

const SIGNS: Readonly<Record<Tone, string>> = {
  bad: "M8 4.2v4.6M8 11.2v.6",
  warn: "M8 6.2v3.6M8 11.6v.4",
  unsure: "M6.1 6.3c.1-1.2.9-1.9 2-1.9s1.9.7 1.9 1.7c0 1.4-2 1.5-2 3M8 11.3v.5",
  good: "m4.9 8.3 2.2 2.2 4-4.6",
  off: "M5 8h6",
};

export function Icon({ tone }: { tone: Tone }): ReactNode {
  return (
    <svg className={`icon ${tone}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path className="shape" d={SHAPES[tone]} />
      <path className="sign" d={SIGNS[tone]} />
    </svg>
  );
}

export function Badge({ word: what }: { word: Word }): ReactNode {
  return (
    <span className={`badge ${what.tone}`}>
      <Icon tone={what.tone} />
      <span>{what.text}</span>
    </span>
  );
}

export function StateBadge({ name }: { name: string | null | undefined }): ReactNode {
  return <Badge word={word(name)} />;
}

/** How many are in which state, worst first; states with nobody in them are left out. */
export function Tally({
  counts,
  order,
}: {
  counts: Readonly<Record<string, number>>;
  order: readonly string[];
}): ReactNode {
  const known = order.filter((name) => (counts[name] ?? 0) > 0);
  const rest = Object.keys(counts).filter((name) => !order.includes(name) && (counts[name] ?? 0) > 0);
  const items = [...known, ...rest].map((name) => {
    const what = word(name);
    return (
      <li key={name}>
        <Icon tone={what.tone} />
        <b>{counts[name] ?? 0}</b> {what.text}
      </li>
    );
  });
  return items.length ? <ul className="tally">{items}</ul> : <p className="quiet">Nothing judged yet.</p>;
}
