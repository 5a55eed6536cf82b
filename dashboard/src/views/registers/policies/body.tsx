/** A policy: the text in force by its hash, who has still to read it, and the template it began with. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApp } from "../../../app";
import { Time } from "../../../components/time";
import { save } from "../../../files";
import { useTell } from "../../../shell/told";
import { policies as text } from "../../../strings/policies";
import { Facts } from "../fields";
import type { BodyProps } from "../register";
import { templates } from "./begin";
import type { PolicyKept } from "./types";

export function PolicyBody({ view }: BodyProps<PolicyKept>): ReactNode {
  const outstanding = view.outstanding_readers ?? [];
  const readers = view.readers?.length ?? 0;
  return (
    <>
      <Facts
        facts={[
          [text.version, view.sha256 ? view.version : null],
          [text.location, view.location],
          [text.sha256, view.sha256 ? <code key="sha256">{view.sha256}</code> : null],
          [text.approvedBy, view.approved_by],
          [text.lastReview, view.reviewed_at ? <Time at={view.reviewed_at} key="reviewed" /> : null],
          [text.readers, readers ? text.readBy(readers - outstanding.length, readers) : text.nobodyReads],
        ]}
      />
      {outstanding.length ? (
        <details className="questions">
          <summary>{`${text.outstanding}: ${outstanding.length}`}</summary>
          <ul>
            {outstanding.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </details>
      ) : null}
      {view.template ? <TemplateText id={view.template} /> : null}
    </>
  );
}

function TemplateText({ id }: { id: string }): ReactNode {
  const { api } = useApp();
  const tell = useTell();
  const found = useQuery(templates(api)).data?.find((one) => one.id === id);
  if (!found) return null;
  const name = `${found.id}.md`;
  return (
    <details className="questions">
      <summary>{text.templateText}</summary>
      <div className="stack">
        <div className="toolbar">
          <button
            type="button"
            onClick={() => {
              save(name, "text/markdown", found.text);
              tell(text.saved(name));
            }}
          >
            {text.saveTemplate}
          </button>
        </div>
        <pre className="written">{found.text}</pre>
      </div>
    </details>
  );
}
