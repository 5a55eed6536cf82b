/** Where a model stands, as its row and the top of its page show it. */

import { word } from "../words";
import type { Checked, ConcernState, ModelStanding, Standing } from "./types";

/** A verdict on data says nothing of how bad it is, nor of the model's own level: the evidence's status does. */
function stateOf(concern: Checked, one: ModelStanding["evidence"][string]): string {
  if (concern !== "quality" || one.status !== "failing") return one.verdict ?? one.status;
  return one.verdict === "issues" ? "faults" : "below_level";
}

const KINDS: Readonly<Record<Checked, string>> = { drift: "drift.run", quality: "quality.run", bias: "bias.run" };

export function standing(found: ModelStanding, now: number): Standing {
  const evidence = Object.values(KINDS).flatMap((kind) => found.evidence[kind] ?? []);
  const check = (concern: Checked): ConcernState | null => {
    const one = found.evidence[KINDS[concern]];
    if (!one) return null;
    const expired = one.expires_at !== null && Date.parse(one.expires_at) < now;
    return { state: stateOf(concern, one), summary: one.summary, at: one.produced_at, expired };
  };
  const windows = evidence.flatMap((one) => one.window ?? []).sort((one, other) => one.end.localeCompare(other.end));
  return {
    model: found.model,
    checks: { drift: check("drift"), quality: check("quality"), bias: check("bias") },
    requirements: found.requirements,
    checkedAt:
      evidence
        .map((one) => one.produced_at)
        .sort()
        .at(-1) ?? null,
    newest: windows.at(-1) ?? null,
    mirroredAt: found.mirrored_at ?? null,
  };
}

const CHECKED: readonly Checked[] = ["drift", "quality", "bias"];

/** What was looked at and could not be told, or was told so long ago that it counts no more: no reason to call all well. */
export function untold({ checks }: Pick<Standing, "checks">): Checked[] {
  return CHECKED.filter((name) => {
    const one = checks[name];
    return one !== null && (one.expired || word(one.state).tone === "unsure");
  });
}
