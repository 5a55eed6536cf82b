/** Writing a framework: what is wrong is told by line and field while one writes, and else what it would change. */

import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { answer } from "../../api/client";
import type { Validation } from "../../api/types";
import { type ChangeRoute, useApp } from "../../app";
import { reasonOf } from "../../components/panel";
import { Badge } from "../../components/state";
import { Action } from "../../forms/action";
import { LongField } from "../../forms/fields";
import { frameworks as text } from "../../strings/frameworks";
import { word } from "../../words";

const ROUTE: ChangeRoute = "POST /api/v1/compliance/frameworks";
const PAUSE_MS = 500;
/** Of a long text the first mistakes are what is mended next. */
const MOST = 20;

interface EditorProps {
  /** Of the version that the text begins with; none: an empty one. */
  readonly from?: { readonly title: string; readonly text: string };
}

export function FrameworkEditor({ from }: EditorProps): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route={ROUTE}
      label={from ? text.edit : text.add}
      title={from ? text.editTitle(from.title) : text.add}
      about={text.about}
      confirm={text.keep}
      wide
      otherwise={from ? "hide" : "explain"}
      told={text.kept}
      touches={[["frameworks"]]}
      send={({ text: yaml = "" }, headers) =>
        api.POST("/api/v1/compliance/frameworks", { body: { text: yaml }, headers })
      }
    >
      <Watched value={from?.text ?? ""} />
    </Action>
  );
}

/** The field with what is said of its text. The check follows when the person stops for a moment. */
function Watched({ value }: { value: string }): ReactNode {
  const { api } = useApp();
  const frame = useRef<HTMLDivElement>(null);
  const [written, setWritten] = useState(value);
  const check = useMutation({
    mutationFn: (yaml: string) => answer(api.POST("/api/v1/compliance/frameworks/validate", { body: { text: yaml } })),
  });
  const { mutate } = check;
  // A draft that was kept is in the field before anything is typed.
  useEffect(() => setWritten(frame.current?.querySelector("textarea")?.value ?? ""), []);
  useEffect(() => {
    if (written.trim() === "") return;
    const timer = setTimeout(() => mutate(written), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [written, mutate]);
  const stale = check.variables !== written;
  return (
    <div
      ref={frame}
      className="editor"
      onInput={(event) => {
        if (event.target instanceof HTMLTextAreaElement) setWritten(event.target.value);
      }}
    >
      <LongField name="text" label={text.file} hint={text.fileHint} required rows={18} value={value} />
      <div role="status" className="stack tight">
        {written.trim() === "" ? null : check.error ? (
          <p>{text.unchecked + reasonOf(check.error)}</p>
        ) : check.data && !stale ? (
          <Said of={check.data} />
        ) : (
          <p className="quiet">{text.checking}</p>
        )}
      </div>
    </div>
  );
}

function Said({ of }: { of: Validation }): ReactNode {
  const problems = of.problems ?? [];
  if (!of.valid) {
    return (
      <>
        <Badge word={{ tone: "bad", text: text.problems(problems.length) }} />
        <ol className="stack tight">
          {problems.slice(0, MOST).map((one) => (
            <li key={`${one.line} ${one.field} ${one.problem}`}>
              <b>{text.line(one.line, one.field)}</b>
              {one.problem}
            </li>
          ))}
          {problems.length > MOST ? <li>{text.moreChanges(problems.length - MOST)}</li> : null}
        </ol>
      </>
    );
  }
  return (
    <>
      <Badge word={{ tone: "good", text: text.sound(of.title ?? "", of.version ?? "", of.requirements ?? 0) }} />
      {of.trial ? <Changes of={of.trial} /> : null}
    </>
  );
}

/** What activating would change, in a sentence and by requirement. */
export function Changes({ of: { says, changes } }: { of: NonNullable<Validation["trial"]> }): ReactNode {
  return (
    <>
      <p>{text.would(says)}</p>
      {changes.length ? (
        <details>
          <summary>{text.whichChanges(changes.length)}</summary>
          <ul className="stack tight">
            {changes.slice(0, MOST).map((one) => (
              <li key={`${one.model_id} ${one.requirement_id}`}>
                <b>{text.change(`${one.model_id} ${one.requirement_id}`, said(one.before), said(one.after))}</b>
                <span className="reason">{one.reason}</span>
              </li>
            ))}
            {changes.length > MOST ? <li>{text.moreChanges(changes.length - MOST)}</li> : null}
          </ul>
        </details>
      ) : null}
    </>
  );
}

const said = (state: string | null): string => (state === null ? text.none : word(state).text);
