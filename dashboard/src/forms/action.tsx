/** A button that opens a form in a dialog: it says who may when the person may not, and keeps what was typed. */

import { Dialog } from "@base-ui/react/dialog";
import { Form } from "@base-ui/react/form";
import { type ReactNode, useId, useMemo, useRef, useState } from "react";
import { ApiError, type FieldProblem, SessionOverError } from "../api/client";
import { type ChangeRoute, onlyFor, useMay } from "../app";
import { reasonOf } from "../components/panel";
import { strings } from "../strings";
import { type ChangeOptions, useChange } from "./change";
import { DraftContext, dropDraft, keepDraft, readDraft } from "./draft";
import { FieldErrors } from "./fields";

export type Values = Readonly<Record<string, string>>;

interface ActionProps extends ChangeOptions<Values> {
  readonly route: ChangeRoute;
  /** On the button; `title` of the dialog when that says more. */
  readonly label: string;
  readonly title?: string;
  /** What will happen, in a sentence. */
  readonly about?: ReactNode;
  readonly confirm?: string;
  /** For what has to be read or written at length. */
  readonly wide?: boolean;
  readonly tone?: "primary" | "danger" | "plain";
  /** Where the person may not: nothing, or the reason. */
  readonly otherwise?: "hide" | "explain";
  readonly children?: ReactNode;
}

export function Action(props: ActionProps): ReactNode {
  const may = useMay();
  const [open, setOpen] = useState(false);
  const reason = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  if (!may(props.route)) {
    if (props.otherwise !== "explain") return null;
    return (
      <span className="not-allowed">
        <button type="button" disabled aria-describedby={reason}>
          {props.label}
        </button>
        <small id={reason} className="quiet">
          {onlyFor(props.route)}
        </small>
      </span>
    );
  }
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className={props.tone ?? ""} ref={trigger}>
        {props.label}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className={props.wide ? "dialog wide" : "dialog"} finalFocus={() => focusAfter(trigger.current)}>
          <Dialog.Title>{props.title ?? props.label}</Dialog.Title>
          {props.about ? (
            <Dialog.Description render={<div className="stack" />}>{props.about}</Dialog.Description>
          ) : null}
          <ActionForm {...props} close={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** In the place of a button whose form is still being read, so that nothing jumps when it is there. */
export function Coming({ route, label }: Pick<ActionProps, "route" | "label">): ReactNode {
  return useMay()(route) ? (
    <button type="button" disabled>
      {label}
    </button>
  ) : null;
}

/** The button that opened the dialog; what it did may have taken that away. */
function focusAfter(trigger: HTMLElement | null): HTMLElement | true {
  return trigger?.isConnected ? trigger : (document.querySelector("main") ?? true);
}

function ActionForm(props: ActionProps & { close: () => void }): ReactNode {
  // The edition that was seen when the form was opened: a refresh behind it must not hide somebody else's change.
  const [etag] = useState(props.etag);
  const form = `${props.route} ${props.title ?? props.label}`;
  const [draft] = useState(() => readDraft(form));
  const change = useChange<Values>({ ...props, etag });
  const close = (): void => {
    dropDraft(form);
    props.close();
  };
  const { inFields, rest } = useMemo(() => apart(change.error), [change.error]);
  return (
    <Form
      className="stack"
      errors={inFields}
      onInput={(event) => keepDraft(form, event.currentTarget)}
      onFormSubmit={(values: Record<string, unknown>) => {
        const sent = Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, String(value ?? "").trim()]),
        );
        change.mutate(sent, { onSuccess: close });
      }}
    >
      <DraftContext.Provider value={draft}>
        <FieldErrors.Provider value={inFields}>{props.children}</FieldErrors.Provider>
      </DraftContext.Provider>
      {change.error && !(change.error instanceof SessionOverError) ? (
        <div className="notice bad" role="alert">
          <div>
            <p>
              <b>{strings.forms.refused}</b>
              {reasonOf(change.error)}
            </p>
            {rest.length ? (
              <ul>
                {rest.map((one) => (
                  <li key={`${one.where} ${one.problem}`}>{`${one.where}: ${one.problem}`}</li>
                ))}
              </ul>
            ) : null}
          </div>
        </div>
      ) : null}
      <div className="actions">
        <button type="submit" className={props.tone === "danger" ? "danger" : "primary"} disabled={change.isPending}>
          {change.isPending ? strings.forms.sending : (props.confirm ?? props.label)}
        </button>
        <Dialog.Close onClick={() => dropDraft(form)}>{strings.cancel}</Dialog.Close>
      </div>
    </Form>
  );
}

/** What the API says of fields, at the fields; what is about none of them, in a list. */
export function apart(error: unknown): { inFields: Record<string, string>; rest: FieldProblem[] } {
  const inFields: Record<string, string> = {};
  const rest: FieldProblem[] = [];
  if (!(error instanceof ApiError)) return { inFields, rest };
  for (const one of error.fields) {
    if (!one.where.startsWith("body.")) rest.push(one);
    else inFields[one.where.slice("body.".length)] = one.problem;
  }
  return { inFields, rest };
}
