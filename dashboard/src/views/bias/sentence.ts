/** A comparison in one sentence for people: "65 of 105 people with age ≤25 selected (62 %); against …: very unlikely by chance". */

import type { AttributeBias, GroupBias } from "../../api/types";
import { count, interval, isMissing, list, percent, probability, setting, words } from "../../format";
import { bias as text } from "../../strings/bias";
import { measureName } from "../../words";
import type { Comparison } from "./measure";

const SELECTION = new Set(["disparate_impact", "demographic_parity_difference"]);

export function sentence(found: Comparison, outcome: string): string {
  const group = found.attribute.groups[found.group];
  const said = group && SELECTION.has(found.metric) ? selection(found, group, outcome) : null;
  const begins = said ?? measured(found);
  const p = found.estimate.p_adjusted;
  return isMissing(p) ? `${begins}.` : `${begins}: ${chance(p)}${text.p(probability(p).replace(/^(?=\d)/, "= "))}.`;
}

function selection(found: Comparison, group: GroupBias, outcome: string): string | null {
  const got = text.got[outcome];
  const other = counterpart(found.attribute, found.group);
  if (!got || isMissing(group.n) || isMissing(group.selected) || !other) return null;
  const rate = (selected: number, n: number): string => percent(n ? selected / n : null);
  const one = text.counted(
    count(group.selected),
    count(group.n),
    who(found.attribute, found.group),
    got,
    rate(group.selected, group.n),
  );
  return text.against(
    one,
    text
      .counted(count(other.selected), count(other.n), other.who, "", rate(other.selected, other.n))
      .replace("  ", " "),
  );
}

interface Counterpart {
  readonly who: string;
  readonly n: number;
  readonly selected: number;
}

/** The reference group, or all others together where a group is compared with the rest. Hidden counts tell nothing. */
function counterpart(attribute: AttributeBias, group: string): Counterpart | null {
  const named = attribute.reference ? attribute.groups[attribute.reference] : undefined;
  const others = named
    ? [named]
    : Object.entries(attribute.groups).flatMap(([name, one]) => (name === group ? [] : [one]));
  let [n, selected] = [0, 0];
  for (const one of others) {
    if (isMissing(one.n) || isMissing(one.selected)) return null;
    n += one.n;
    selected += one.selected;
  }
  if (others.length === 0) return null;
  return { who: named ? who(attribute, attribute.reference ?? "") : text.everybodyElse, n, selected };
}

/** "people with age ≤25 and sex female". */
export function who(attribute: AttributeBias, group: string): string {
  const values = group.split(" & ");
  if (values.length !== attribute.attributes.length) return text.withGroup(group);
  const pairs = attribute.attributes.map((name, place) => text.pair(words(name), readable(values[place] ?? "")));
  return text.withGroup(list(pairs, pairs.length + 1));
}

/** Bounds as people write them. */
function readable(value: string): string {
  return value.replace(/^<=/, "≤").replace(/^>=/, "≥");
}

function measured(found: Comparison): string {
  return text.measured(
    who(found.attribute, found.group),
    measureName(found.metric),
    isMissing(found.estimate.value) ? text.undefined : interval(found.estimate),
    setting(found.judgement.threshold),
  );
}

export function chance(p: number): string {
  if (p < 0.001) return text.chance.veryUnlikely;
  if (p < 0.05) return text.chance.unlikely;
  return p < 0.3 ? text.chance.maybe : text.chance.likely;
}
