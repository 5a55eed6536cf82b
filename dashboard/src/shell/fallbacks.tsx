/** What stands in the place of a view that is not there or broke. */

import type { ReactNode } from "react";
import { reasonOf } from "../components/panel";
import { strings } from "../strings";
import { useTitle } from "./title";

export function PageMissing(): ReactNode {
  useTitle(strings.shell.missing);
  return (
    <div className="lead">
      <h1>{strings.shell.missing}</h1>
      <p>
        <a href="#/">{strings.shell.toToday}</a>
      </p>
    </div>
  );
}

export function PageFailed({ error, reset }: { error: unknown; reset: () => void }): ReactNode {
  useTitle(strings.shell.failed);
  return (
    <div className="lead">
      <h1>{strings.shell.failed}</h1>
      <div className="notice bad" role="alert">
        <p>{reasonOf(error)}</p>
        <button type="button" onClick={reset}>
          {strings.again}
        </button>
      </div>
    </div>
  );
}
