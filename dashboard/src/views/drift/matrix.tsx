/** Every column in every window at a glance; a cell chooses what is shown below. */

import type { ReactNode } from "react";
import { WINDOWS } from "../../api/model_reads";
import type { DriftHistory, DriftReport } from "../../api/types";
import { type HeatCell, HeatMap } from "../../charts/heatmap";
import { isMissing, measure, NONE, span } from "../../format";
import { drift as text } from "../../strings/drift";
import { word } from "../../words";
import { shortName, tone } from "./labels";

export interface Choice {
  readonly feature: string;
  readonly report: string;
}

type HistoryPoint = DriftHistory["points"][number];

interface MatrixProps {
  readonly points: readonly HistoryPoint[];
  readonly features: readonly string[];
  readonly policy: DriftReport["policy"];
  readonly choice: Choice;
  choose(choice: Partial<Choice>): void;
}

export function Matrix({ points, features, policy, choice, choose }: MatrixProps): ReactNode {
  const shown = points.slice(-WINDOWS);
  const by = new Map(shown.map((point) => [point.report_id, point]));
  return (
    <div className="stack">
      <div>
        <h3>{text.map}</h3>
        <p className="quiet">{text.mapAbout}</p>
      </div>
      <HeatMap
        caption={text.map}
        fromEnd
        rows={features.map((name) => ({ key: name, label: name }))}
        columns={shown.map((point) => ({
          key: point.report_id,
          label: shortName(point.window),
          title: span(point.window),
        }))}
        cell={(feature, report) => cell(by.get(report), feature, threshold(policy, feature))}
        chosen={{ row: choice.feature, column: choice.report }}
        choose={(feature, report) => choose(report === null ? { feature } : { feature, report })}
      />
    </div>
  );
}

/** Where the policy has none, 0.25 is a large change by convention: the colours need a scale. */
const LARGE = 0.25;

export function threshold(policy: DriftReport["policy"], feature: string): number {
  return policy.rules?.[feature]?.psi_threshold ?? policy.psi_threshold ?? LARGE;
}

function cell(point: HistoryPoint | undefined, feature: string, limit: number): HeatCell | null {
  if (!point) return null;
  const column = point.columns[feature];
  const state = column ? word(column.verdict).text : text.absent;
  return {
    tone: column ? tone(column.verdict, column.severity) : "off",
    ofLimit: isMissing(column?.psi) ? null : column.psi / limit,
    shown: isMissing(column?.psi) ? NONE : measure(column.psi),
    spoken: text.spoken(feature, span(point.window), state),
  };
}
