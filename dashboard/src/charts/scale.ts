/** Linear scales in per cent of a plot, so that a chart fits any width without measuring the page. */

export interface Scale {
  readonly min: number;
  readonly max: number;
  /** Where a value lies, 0 to 100, clamped to the plot. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

export function scale(min: number, max: number, wanted = 5): Scale {
  const spread = max - min > 0 ? max - min : Math.abs(max) || 1;
  const step = niceStep(spread / wanted);
  const low = Math.floor(min / step + 1e-9) * step;
  const high = Math.ceil((max - min > 0 ? max : min + spread) / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let index = 0; low + index * step <= high + step / 2; index += 1) ticks.push(round(low + index * step));
  const at = (value: number): number => Math.min(100, Math.max(0, ((value - low) / (high - low)) * 100));
  return { min: low, max: high, at, ticks };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}

export function pct(value: number): string {
  return `${Number(value.toFixed(3))}%`;
}

/** How a label stands at a place so that it does not leave the plot. */
export function anchor(at: number, edge = 4): "start" | "middle" | "end" {
  return at < edge ? "start" : at > 100 - edge ? "end" : "middle";
}
