/** Every group beside its reference, by every measure; a cell chooses what is shown below. */

import type { ReactNode } from "react";
import type { BiasReport } from "../../api/types";
import { type HeatCell, HeatMap } from "../../charts/heatmap";
import { isMissing, measure, NONE, words } from "../../format";
import { bias as text } from "../../strings/bias";
import { measureName, word } from "../../words";
import { attributesOf, disparity, measuresOf, ofThreshold, shortMeasure } from "./measure";

/** What is shown below the map: a group of an attribute or combination, and a measure. */
export interface Chosen {
  readonly name: string;
  readonly group: string;
  readonly metric: string;
}

const AT = ": ";

interface MapProps {
  readonly report: BiasReport;
  readonly chosen: Chosen;
  choose(chosen: Partial<Chosen>): void;
}

export function GroupMap({ report, chosen, choose }: MapProps): ReactNode {
  const attributes = attributesOf(report);
  const rows = attributes.flatMap(([name, attribute]) =>
    Object.entries(attribute.groups).flatMap(([group, found]) =>
      found.is_reference ? [] : [{ key: JSON.stringify([name, group]), label: `${words(name)}${AT}${group}` }],
    ),
  );
  const apart = (row: string): [string, string] => JSON.parse(row) as [string, string];
  return (
    <div className="stack">
      <div>
        <h3>{text.map}</h3>
        <p className="quiet">{text.mapAbout}</p>
      </div>
      <HeatMap
        caption={text.map}
        wraps
        rows={rows}
        columns={measuresOf(report).map((metric) => ({
          key: metric,
          label: shortMeasure(metric),
          title: measureName(metric),
        }))}
        cell={(row, metric) => cell(report, ...apart(row), metric)}
        chosen={{ row: JSON.stringify([chosen.name, chosen.group]), column: chosen.metric }}
        choose={(row, metric) => {
          const [name, group] = apart(row);
          choose({ name, group, ...(metric ? { metric } : {}) });
        }}
      />
    </div>
  );
}

function cell(report: BiasReport, name: string, group: string, metric: string): HeatCell | null {
  const found = (report.attributes?.[name] ?? report.intersections?.[name])?.groups[group];
  const estimate = found ? disparity(found, metric) : null;
  if (!found || !estimate) return null;
  const judgement = found.judgements?.[metric];
  const state = judgement ? word(judgement.verdict) : { tone: "off" as const, text: text.notJudgedWord };
  return {
    tone: state.tone,
    ofLimit: isMissing(estimate.value) || !judgement ? null : ofThreshold(metric, estimate.value, judgement.threshold),
    shown: isMissing(estimate.value) ? NONE : measure(estimate.value),
    spoken: text.spoken(words(name), group, measureName(metric), state.text),
  };
}
