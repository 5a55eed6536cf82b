/** Data quality: what the newest check said. */

import type { ConcernState } from "../../api/reads";
import { empty } from "../../components/panel";
import { stateBadge } from "../../components/state";
import { since } from "../../components/time";
import { type Child, h } from "../../dom";

export function qualitySection(state: ConcernState | null): Child {
  if (state === null) {
    return empty(
      "Data quality was not checked yet.",
      "It is checked when a complete window of captured traffic is there.",
    );
  }
  return h(
    "div",
    { class: "stack" },
    h("p", {}, stateBadge(state.state), " ", h("span", { class: "quiet" }, "Checked ", since(state.at), ".")),
    h("p", {}, state.summary),
  );
}
