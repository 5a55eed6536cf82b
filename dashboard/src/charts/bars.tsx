/** Shares before and after, bin by bin: a table that a screen reader can read, drawn as paired bars. */

import type { ReactNode } from "react";
import { count, percent } from "../format";
import { pct } from "./scale";

export interface Bin {
  readonly label: string;
  readonly before: number;
  readonly after: number;
}

export interface Sides {
  readonly before: { readonly name: string; readonly rows: number };
  readonly after: { readonly name: string; readonly rows: number };
}

export interface Histogram {
  readonly caption: string;
  /** Shares of each side's rows, 0 to 1. */
  readonly bins: readonly Bin[];
  readonly sides: Sides;
}

export function Bars({ caption, bins, sides }: Histogram): ReactNode {
  const most = Math.max(0.01, ...bins.flatMap((bin) => [bin.before, bin.after]));
  const rows = bins.map((bin) => (
    <tr key={bin.label}>
      <th scope="row">{bin.label}</th>
      <td className="bar-cell">
        <svg className="bars" height={22} aria-hidden="true">
          <rect className="before" x={0} y={2} height={8} width={pct((bin.before / most) * 100)} rx={1.5} />
          <rect className="after" x={0} y={12} height={8} width={pct((bin.after / most) * 100)} rx={1.5} />
        </svg>
      </td>
      <td className="number">{percent(bin.before)}</td>
      <td className="number">{percent(bin.after)}</td>
    </tr>
  ));
  return (
    <table className="histogram">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Values</th>
          <td className="bar-cell" />
          <th scope="col" className="number">
            <span className="key before" />
            {sides.before.name}
            <small>{`${count(sides.before.rows)} rows`}</small>
          </th>
          <th scope="col" className="number">
            <span className="key after" />
            {sides.after.name}
            <small>{`${count(sides.after.rows)} rows`}</small>
          </th>
        </tr>
      </thead>
      <tbody>{rows}</tbody>
    </table>
  );
}
