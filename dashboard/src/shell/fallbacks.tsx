/** What stands in the place of a view that is not there or broke. */

import type { ReactNode } from "react";
import { ApiError } from "../api/client";
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
  const known = error instanceof ApiError;
  return (
    <div className="lead">
      <h1>{strings.shell.failed}</h1>
      <div className="notice bad" role="alert">
        <p>{known ? reasonOf(error) : strings.shell.broke}</p>
        {/* What a program broke on, it breaks on again; a part that was not fetched is asked for anew only then. */}
        <button type="button" onClick={known ? reset : () => location.reload()}>
          {known ? strings.again : strings.shell.reload}
        </button>
      </div>
    </div>
  );
}
