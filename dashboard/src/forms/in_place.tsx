/** A text that is changed where it stands: it keeps what was typed, and somebody else's change is shown before it is replaced. */

import { Form } from "@base-ui/react/form";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { ApiError, SessionOverError } from "../api/client";
import { type ChangeRoute, useApp, useMay } from "../app";
import { reasonOf } from "../components/panel";
import { strings } from "../strings";
import { home as text } from "../strings/home";
import { apart } from "./action";
import { type ChangeOptions, useChange } from "./change";
import { DraftContext, draftOf, dropDraft, keepDraft, readDraft } from "./draft";
import { FieldErrors, LongField, TextField } from "./fields";

interface InPlaceProps extends Omit<ChangeOptions<string>, "told"> {
  readonly route: ChangeRoute;
  /** Apart from the same text of other records, which may be open in this tab too. */
  readonly record: string;
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly short?: boolean;
  /** What stands there while nobody changes it. */
  readonly children: ReactNode;
}

export function InPlace(props: InPlaceProps): ReactNode {
  const may = useMay();
  const { person } = useApp().session;
  const [form] = useState(() => draftOf(person.name, props.name, props.record));
  const [open, setOpen] = useState(() => Object.keys(readDraft(form).typed).length > 0);
  const trigger = useRef<HTMLButtonElement>(null);
  const closed = useRef(false);
  useEffect(() => {
    if (!open && closed.current) trigger.current?.focus();
    closed.current = open;
  }, [open]);
  if (!may(props.route)) return props.children;
  if (open) return <Editor {...props} form={form} close={() => setOpen(false)} />;
  return (
    <div className="in-place">
      <div>{props.children}</div>
      <button type="button" ref={trigger} aria-label={text.changeOf(props.label)} onClick={() => setOpen(true)}>
        {text.change}
      </button>
    </div>
  );
}

function Editor(props: InPlaceProps & { form: string; close: () => void }): ReactNode {
  const { form, name, label, value, etag: present } = props;
  const [draft] = useState(() => readDraft(form));
  // The edition that was seen when it was opened, before a reload too; after a refusal the one that is shown then.
  const [etag, setEtag] = useState(draft.edition ?? present);
  const [seen] = useState(value);
  const client = useQueryClient();
  const box = useRef<HTMLFormElement>(null);
  const id = useId();
  const change = useChange<string>({ ...props, etag, told: text.changed(label) });
  const { inFields, rest } = useMemo(() => apart(change.error, [name]), [change.error, name]);
  const overtaken = change.error instanceof ApiError && change.error.status === 412;
  const close = (): void => {
    dropDraft(form);
    props.close();
  };
  /** What is on record now is shown before it is replaced. */
  const readAnew = (error: Error): void => {
    if (!(error instanceof ApiError) || error.status !== 412) return;
    for (const queryKey of props.touches) void client.invalidateQueries({ queryKey });
  };
  useEffect(() => {
    box.current?.querySelector<HTMLElement>("textarea, input")?.focus();
  }, []);
  useEffect(() => {
    if (overtaken && present) setEtag(present);
  }, [overtaken, present]);
  const Field = props.short ? TextField : LongField;
  return (
    <Form
      ref={box}
      className="stack in-place-form"
      errors={inFields}
      onInput={(event) => keepDraft(form, event.currentTarget, { [name]: seen }, etag)}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
      onFormSubmit={(values: Record<string, unknown>) =>
        change.mutate(String(values[name] ?? "").trim(), { onSuccess: close, onError: readAnew })
      }
    >
      <DraftContext.Provider value={draft.typed}>
        <FieldErrors.Provider value={inFields}>
          <Field name={name} label={label} value={seen} says {...(props.hint ? { hint: props.hint } : {})} />
        </FieldErrors.Provider>
      </DraftContext.Provider>
      {change.error && !(change.error instanceof SessionOverError) ? (
        <div className="notice bad" role="alert" id={id}>
          <div>
            <p>
              <b>{strings.forms.refused}</b>
              {reasonOf(change.error)}
            </p>
            {overtaken ? (
              <p>
                {text.nowItSays}
                <q>{value || text.nothing}</q>
              </p>
            ) : null}
            {rest.map((one) => (
              <p key={`${one.where} ${one.problem}`}>{`${one.where}: ${one.problem}`}</p>
            ))}
          </div>
        </div>
      ) : null}
      <div className="actions">
        <button type="submit" className="primary" disabled={change.isPending}>
          {change.isPending ? strings.forms.sending : overtaken ? text.saveAnyway : text.save}
        </button>
        <button type="button" onClick={close}>
          {strings.cancel}
        </button>
      </div>
    </Form>
  );
}
