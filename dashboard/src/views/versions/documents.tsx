/** The card and the data sheet of a version, read when they are opened. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useApp } from "../../app";
import { Panel } from "../../components/panel";
import { strings } from "../../strings";

const text = strings.versions;

export function Documents(props: { id: string; version: string }): ReactNode {
  return (
    <div className="stack">
      <Document {...props} kind="card" title={text.card} />
      <Document {...props} kind="data-sheet" title={text.sheet} />
    </div>
  );
}

interface DocumentProps {
  readonly id: string;
  readonly version: string;
  readonly kind: "card" | "data-sheet";
  readonly title: string;
}

function Document({ id, version, kind, title }: DocumentProps): ReactNode {
  const [open, setOpen] = useState(false);
  const found = useQuery({ ...useApp().reads.model(id).document(kind, version), enabled: open });
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open ? (
        <Panel what={title.toLowerCase()} of={found} lines={6}>
          {(file) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            <pre className="document" tabIndex={0} role="region" aria-label={title}>
              {file.text}
            </pre>
          )}
        </Panel>
      ) : null}
    </details>
  );
}
