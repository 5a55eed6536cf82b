/** The card and the data sheet of a version, read when they are opened. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { answer } from "../../api/client";
import { useApp } from "../../app";
import { Panel, reasonOf } from "../../components/panel";
import { useTell } from "../../shell/told";
import { strings } from "../../strings";

const text = strings.versions;

export function Documents(props: { id: string; version: string }): ReactNode {
  return (
    <div className="stack">
      <Document {...props} kind="card" title={text.card} />
      <Document {...props} kind="data-sheet" title={text.sheet} />
      <div className="toolbar">
        <CardFile {...props} />
      </div>
    </div>
  );
}

/** A file is made like a report, and taken from there. */
function CardFile({ id, version }: { id: string; version: string }): ReactNode {
  const { api } = useApp();
  const navigate = useNavigate();
  const tell = useTell();
  const [busy, setBusy] = useState(false);
  const ask = async (): Promise<void> => {
    setBusy(true);
    try {
      const params = { path: { model_id: id, version }, query: { format: "pdf" } } as const;
      const { report } = await answer(api.GET("/api/v1/models/{model_id}/versions/{version}/card", { params }));
      tell(strings.reports.asked);
      if (report) void navigate({ to: "/reports" as "/", search: { take: report.job.id } as never });
    } catch (error) {
      tell(reasonOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" disabled={busy} onClick={() => void ask()}>
      {text.cardFile}
    </button>
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
