/** The whole record as an authority asks for it, with what is missing said where it belongs. */

import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer } from "../../../api/client";
import { useApp } from "../../../app";
import { reasonOf } from "../../../components/panel";
import { save } from "../../../files";
import { useTell } from "../../../shell/told";
import { kept } from "../../../strings/kept";
import { processing as text } from "../../../strings/processing";

const ENDINGS = { markdown: "md", csv: "csv", json: "json" } as const;

export function ExportRecord(): ReactNode {
  const { api } = useApp();
  const tell = useTell();
  const load = useMutation({
    mutationFn: async (form: keyof typeof ENDINGS) => {
      const found = await answer(api.GET("/api/v1/processing-records/export", { params: { query: { form } } }));
      const name = `processing-record.${ENDINGS[form]}`;
      save(name, found.content_type.split(";")[0] ?? "text/plain", found.text);
      return name;
    },
    onSuccess: (name) => tell(kept.saved(name)),
    onError: (error) => tell(reasonOf(error)),
  });
  return (
    <div className="toolbar">
      <span id="export-record">{text.export}</span>
      {(Object.keys(ENDINGS) as (keyof typeof ENDINGS)[]).map((form) => (
        <button
          type="button"
          key={form}
          id={`export-${form}`}
          aria-labelledby={`export-record export-${form}`}
          disabled={load.isPending}
          onClick={() => load.mutate(form)}
        >
          {text.exportAs[form]}
        </button>
      ))}
    </div>
  );
}
