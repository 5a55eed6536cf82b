/** What a version was made from: a graph of data, run, code, version and artefacts, with the same as a table. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Lineage } from "../../api/types";
import { useApp } from "../../app";
import { Panel } from "../../components/panel";
import { count } from "../../format";
import { strings } from "../../strings";

const text = strings.versions;

export function LineageView({ id, version }: { id: string; version: string }): ReactNode {
  const lineage = useQuery(useApp().reads.model(id).lineage(version));
  return (
    <div className="stack">
      <h3>{text.lineage}</h3>
      <Panel what="the lineage" of={lineage} lines={4}>
        {(found) => <Behind found={found} />}
      </Panel>
    </div>
  );
}

/** What is on record of where a version comes from, and what is not. */
export function Behind({ found }: { found: Lineage }): ReactNode {
  return (
    <>
      {(found.gaps ?? []).length ? (
        <div className="notice unsure">
          <p>
            <b>{text.gaps}</b>
            {(found.gaps ?? []).join("; ")}
          </p>
        </div>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="scroll" role="region" aria-label={text.lineage} tabIndex={0}>
        <Graph found={found} />
      </div>
      <Table found={found} />
    </>
  );
}

/** Columns of the graph from left to right; a node without a value is drawn as the gap that it is. */
interface Node {
  readonly title: string;
  readonly value: string | null;
}

function columnsOf(found: Lineage): readonly (readonly Node[])[] {
  const { training } = found;
  return [
    [
      { title: text.data, value: training.sources?.[0] ?? training.dataset_sha256 ?? null },
      { title: text.code, value: found.commit?.slice(0, 12) ?? null },
    ],
    [{ title: text.run, value: found.run_id ?? null }],
    [{ title: text.version, value: `${found.model_name} ${found.version}` }],
    [{ title: text.artefacts, value: found.artefacts?.map((one) => one.name).join(", ") || null }],
  ];
}

const WIDE = 210;
const GAP = 46;
const TALL = 52;
const HEIGHT = 2 * TALL + 34;

function Graph({ found }: { found: Lineage }): ReactNode {
  const columns = columnsOf(found);
  const x = (column: number): number => column * (WIDE + GAP) + 1;
  const y = (row: number, rows: number): number => (HEIGHT - rows * TALL - (rows - 1) * 24) / 2 + row * (TALL + 24);
  const width = columns.length * WIDE + (columns.length - 1) * GAP + 2;
  return (
    <svg className="lineage" width={width} height={HEIGHT} role="img" aria-label={text.graph(found.version)}>
      {columns.slice(0, -1).flatMap((nodes, column) =>
        nodes.flatMap((from, row) =>
          (columns[column + 1] ?? []).map((to, next) => {
            const [x1, y1] = [x(column) + WIDE, y(row, nodes.length) + TALL / 2];
            const [x2, y2] = [x(column + 1), y(next, columns[column + 1]?.length ?? 1) + TALL / 2];
            return (
              <path
                key={`${from.title} ${to.title}`}
                className={from.value && to.value ? "edge" : "edge gap"}
                d={`M${x1} ${y1}C${x1 + GAP / 2} ${y1} ${x2 - GAP / 2} ${y2} ${x2} ${y2}`}
              />
            );
          }),
        ),
      )}
      {columns.flatMap((nodes, column) =>
        nodes.map((node, row) => (
          <g key={node.title} className={node.value ? "node" : "node gap"}>
            <title>{`${node.title}: ${node.value ?? text.unknown}`}</title>
            <rect x={x(column)} y={y(row, nodes.length)} width={WIDE} height={TALL} rx={7} />
            <text className="kind" x={x(column) + 10} y={y(row, nodes.length) + 20}>
              {node.title}
            </text>
            <text x={x(column) + 10} y={y(row, nodes.length) + 39}>
              {short(node.value ?? text.unknown)}
            </text>
          </g>
        )),
      )}
    </svg>
  );
}

const LONGEST = 28;

/** The end of an address says more than its beginning. */
function short(value: string): string {
  return value.length > LONGEST ? `…${value.slice(1 - LONGEST)}` : value;
}

function Table({ found }: { found: Lineage }): ReactNode {
  const { training } = found;
  const size =
    training.rows || training.features
      ? text.rows(training.rows ? count(training.rows) : "?", training.features ? count(training.features) : "?")
      : null;
  const lines: [string, string | null][] = [
    [
      text.data,
      [training.description, ...(training.sources ?? []), size, training.dataset_sha256].filter(Boolean).join(" · ") ||
        null,
    ],
    [text.code, found.commit ?? null],
    [text.run, [found.run_id, found.source].filter(Boolean).join(" · ") || null],
    [
      text.artefacts,
      (found.artefacts ?? [])
        .map((one) => `${one.name}: ${one.location}${one.sha256 ? ` (${one.sha256})` : ""}`)
        .join("; ") || null,
    ],
  ];
  return (
    <dl className="described">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? <span className="quiet">{text.unknown}</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
