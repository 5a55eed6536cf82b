/** A button that changes something at once: for what needs no words, harms nothing and can be done again. */

import type { ReactNode } from "react";
import { type ChangeRoute, useMay } from "../app";
import { reasonOf } from "../components/panel";
import { useTell } from "../shell/told";
import { strings } from "../strings";
import { type ChangeOptions, useChange } from "./change";

interface NowProps extends ChangeOptions<null> {
  readonly route: ChangeRoute;
  readonly label: string;
}

export function Now(props: NowProps): ReactNode {
  const tell = useTell();
  const change = useChange<null>(props);
  if (!useMay()(props.route)) return null;
  return (
    <button
      type="button"
      disabled={change.isPending}
      onClick={() => change.mutate(null, { onError: (error) => tell(strings.forms.refused + reasonOf(error)) })}
    >
      {change.isPending ? strings.forms.sending : props.label}
    </button>
  );
}
