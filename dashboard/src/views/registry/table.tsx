/** The rows that are in view, of any number: the table tells screen readers how many there are and where one is. */

import {
  createColumnHelper,
  FlexRender,
  type Row,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useEffect, useMemo, useRef } from "react";
import type { ModelQuery } from "../../api/reads";
import type { ShownModel } from "../../api/types";
import { Badge, StateBadge } from "../../components/state";
import { Since } from "../../components/time";
import { address, type Choose } from "../../router";
import { strings } from "../../strings";
import { cloud, word } from "../../words";

const text = strings.models;
const ROW_PX = 56;
const OVERSCAN = 8;

type Selection = RowSelectionState;

interface TableProps {
  readonly models: readonly ShownModel[];
  readonly query: ModelQuery;
  readonly choose: Choose;
  readonly selected: Selection;
  select(selection: Selection): void;
  /** Reads on; null: these are all. */
  readonly more: (() => void) | null;
}

const features = tableFeatures({ rowSelectionFeature });
const helper = createColumnHelper<typeof features, ShownModel>();

/** `className` of a column says where it gives way when there is no room. */
const COLUMNS = helper.columns([
  helper.display({
    id: "select",
    header: () => <span className="visually-hidden">{text.select}</span>,
    cell: ({ row }) => (
      <label className="tick">
        <input
          type="checkbox"
          checked={row.getIsSelected()}
          onChange={(event) => row.toggleSelected(event.target.checked)}
        />
        <span className="visually-hidden">{text.selectOne(row.original.name)}</span>
      </label>
    ),
  }),
  helper.accessor("name", {
    header: text.name,
    cell: ({ row: { original: model } }) => (
      <>
        <a href={address(["models", model.id])}>{model.name}</a>
        <span className="reason">{model.owner ?? strings.palette.noOwner}</span>
      </>
    ),
  }),
  helper.accessor("risk", {
    header: text.risk,
    cell: ({ row }) => <StateBadge name={`risk_${row.original.risk?.level ?? "undecided"}`} />,
  }),
  helper.accessor("compliance_status", {
    header: text.status,
    cell: ({ row }) => <StateBadge name={row.original.compliance_status ?? "draft"} />,
  }),
  helper.accessor("stages", {
    header: text.stage,
    cell: ({ row }) => <Stages of={row.original.stages ?? []} />,
  }),
  helper.accessor("cloud", { header: text.cloud, cell: ({ row }) => cloud(row.original.cloud) }),
  helper.accessor("presence", {
    header: text.presence,
    cell: ({ row }) => (
      <StateBadge name={row.original.endpoint ? (row.original.presence ?? "unknown") : "no_endpoint"} />
    ),
  }),
  helper.accessor("registered_at", {
    header: text.registered,
    cell: ({ row }) => <Since at={row.original.registered_at} />,
  }),
]);

function Stages({ of }: { of: readonly string[] }): ReactNode {
  const first = ["production", "staging", "development", "archived"].find((stage) => of.includes(stage));
  return first ? <Badge word={word(first)} /> : <span className="quiet">{strings.none}</span>;
}

/** Columns by which the API sorts, and how. */
const SORTS: Readonly<Record<string, NonNullable<ModelQuery["sort"]>>> = { name: "name", registered_at: "newest" };

export function ModelTable({ models, query, choose, selected, select, more }: TableProps): ReactNode {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: models.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    initialRect: { width: 1200, height: 600 },
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  // The table knows the rows in view alone: making ten thousand anew with each page that is read would be felt.
  const data = useMemo(() => models.slice(first, last + 1), [models, first, last]);
  const table = useTable({
    features,
    columns: COLUMNS,
    data,
    getRowId: (model) => model.id,
    state: { rowSelection: selected },
    onRowSelectionChange: (change) => select(typeof change === "function" ? change(selected) : change),
  });
  const rows = table.getRowModel().rows;
  useEffect(() => {
    if (more && last >= models.length - OVERSCAN) more();
  }, [more, last, models.length]);
  const before = items[0]?.start ?? 0;
  const after = Math.max(0, virtual.getTotalSize() - (items.at(-1)?.end ?? 0));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="scroll rows" ref={scroll} role="region" aria-label={text.table} tabIndex={0}>
      <table className="dense" aria-rowcount={more ? -1 : models.length + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => (
                <Heading key={header.id} id={header.column.id} query={query} choose={choose}>
                  <table.FlexRender header={header} />
                </Heading>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          <Spacer height={before} />
          {rows.map((row, at) => (
            <ModelRow key={row.id} row={row} index={first + at} selected={row.getIsSelected()} />
          ))}
          <Spacer height={after} />
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly row: Row<typeof features, ShownModel>;
  readonly index: number;
  readonly selected: boolean;
}

/** Scrolling draws only the rows that come into view: one that stays is the same by its model, whoever made the row anew. */
const ModelRow = memo(DrawnRow, (one, other) => {
  return one.row.original === other.row.original && one.index === other.index && one.selected === other.selected;
});

function DrawnRow({ row, index, selected }: RowProps): ReactNode {
  return (
    <tr aria-rowindex={index + 2} aria-selected={selected}>
      {row.getAllCells().map((cell) => (
        <td key={cell.id} className={`of-${cell.column.id}`}>
          <FlexRender cell={cell} />
        </td>
      ))}
    </tr>
  );
}

/** The room of the rows that are not drawn. */
function Spacer({ height }: { height: number }): ReactNode {
  if (height === 0) return null;
  return (
    <tr className="spacer">
      <td aria-hidden="true" colSpan={COLUMNS.length} style={{ height }} />
    </tr>
  );
}

interface HeadingProps {
  readonly id: string;
  readonly query: ModelQuery;
  readonly choose: Choose;
  readonly children: ReactNode;
}

function Heading({ id, query, choose, children }: HeadingProps): ReactNode {
  const sort = SORTS[id];
  if (!sort) {
    return (
      <th scope="col" className={`of-${id}`}>
        {children}
      </th>
    );
  }
  const here = (query.sort ?? "name") === sort;
  const order = query.order ?? "ascending";
  const next = here && order === "ascending" ? "descending" : "ascending";
  return (
    <th scope="col" className={`of-${id}`} aria-sort={here ? order : undefined}>
      <button
        type="button"
        className="sort"
        onClick={() => choose({ sort: sort === "name" ? null : sort, order: next === "ascending" ? null : next })}
      >
        {children}
        <span aria-hidden="true">{here ? (order === "ascending" ? " ↑" : " ↓") : ""}</span>
      </button>
    </th>
  );
}
