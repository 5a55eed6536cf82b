/** A button that opens a form in a dialog: it says who may when the person may not, and keeps what was typed. */

import { Dialog } from "@base-ui/react/dialog";
import { Form } from "@base-ui/react/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Fragment, type ReactNode, useId, useMemo, useRef, useState } from "react";
import { ApiError, type FieldProblem, SessionOverError } from "../api/client";
import { type ChangeRoute, onlyFor, useApp, useMay } from "../app";
import { reasonOf } from "../components/panel";
import { inWords } from "../format";
import { strings } from "../strings";
import { type ChangeOptions, useChange } from "./change";
import { DraftContext, draftOf, dropDraft, keepDraft, readDraft, typedIn } from "./draft";
import { FieldErrors } from "./fields";

export type Values = Readonly<Record<string, string>>;

export interface ActionProps extends ChangeOptions<Values> {
  readonly route: ChangeRoute;
  /** Whose form it is, where a page has several under the same title: what is typed of one must not be sent of another. */
  readonly record?: string;
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
  /** Which field of the form a place is that the API names, where the two are called differently. */
  readonly place?: (where: string) => string | undefined;
  /** What can be asked of what is filled in before it is sent: nothing is changed by it. */
  readonly trial?: Trial;
}

export interface Trial {
  readonly label: string;
  run(values: Values): Promise<ReactNode>;
}

export function Action(props: ActionProps): ReactNode {
  const may = useMay();
  const [open, setOpen] = useState(false);
  const reason = useId();
  // A record whose edition is still being read, or could not be: sent without it, somebody else's change would be lost.
  const unread = "etag" in props && props.etag === undefined;
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
      <Dialog.Trigger className={props.tone ?? ""} ref={trigger} disabled={unread}>
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
  const { person } = useApp().session;
  const client = useQueryClient();
  const [form] = useState(() => draftOf(person.name, `${props.route} ${props.title ?? props.label}`, props.record));
  const [draft, setDraft] = useState(() => readDraft(form));
  // The edition that was seen when it was begun: neither a refresh behind it nor a reload hides somebody else's change.
  const [etag, setEtag] = useState(draft.edition ?? props.etag);
  const begun = useRef<Readonly<Record<string, string>> | null>(null);
  const change = useChange<Values>({ ...props, etag });
  const close = (): void => {
    dropDraft(form);
    props.close();
  };
  const trial = useMutation({ mutationFn: async (values: Values) => props.trial?.run(values) });
  const { place } = props;
  const error = change.error ?? trial.error;
  const [fields, setFields] = useState<readonly string[]>([]);
  const { inFields, rest } = useMemo(() => apart(error, fields, place), [error, fields, place]);
  const readAnew = (refused: Error): void => {
    if (!isOvertaken(refused)) return;
    for (const queryKey of props.touches) void client.invalidateQueries({ queryKey });
  };
  /** Below what was typed here stands what is on record by now. */
  const look = (): void => {
    begun.current = null;
    setDraft(readDraft(form));
    setEtag(props.etag);
    change.reset();
  };
  return (
    <Form
      className="stack"
      errors={inFields}
      ref={(element) => {
        if (element) begun.current ??= typedIn(element);
      }}
      onInput={(event) => keepDraft(form, event.currentTarget, begun.current ?? {}, etag)}
      onFormSubmit={(values: Record<string, unknown>) => {
        trial.reset();
        setFields(Object.keys(values));
        change.mutate(trimmed(values), { onSuccess: close, onError: readAnew });
      }}
    >
      <Fragment key={etag}>
        <DraftContext.Provider value={draft.typed}>
          <FieldErrors.Provider value={inFields}>{props.children}</FieldErrors.Provider>
        </DraftContext.Provider>
      </Fragment>
      <Refusal
        error={error}
        why={change.error ? strings.forms.refused : strings.forms.untried}
        rest={rest}
        placed={Object.keys(inFields).length > 0}
      />
      {isOvertaken(change.error) ? (
        <button type="button" onClick={look} disabled={props.etag === etag}>
          {strings.forms.look}
        </button>
      ) : null}
      {props.trial ? (
        <div role="status" className="tried">
          {trial.isSuccess ? trial.data : null}
        </div>
      ) : null}
      <div className="actions">
        <button type="submit" className={props.tone === "danger" ? "danger" : "primary"} disabled={change.isPending}>
          {change.isPending ? strings.forms.sending : (props.confirm ?? props.label)}
        </button>
        {props.trial ? (
          <button
            type="button"
            disabled={trial.isPending}
            onClick={({ currentTarget: { form } }) => {
              change.reset();
              if (!form) return;
              const values = Object.fromEntries(new FormData(form));
              setFields(Object.keys(values));
              trial.mutate(trimmed(values));
            }}
          >
            {trial.isPending ? strings.forms.sending : props.trial.label}
          </button>
        ) : null}
        <Dialog.Close onClick={() => dropDraft(form)}>{strings.cancel}</Dialog.Close>
      </div>
    </Form>
  );
}

const isOvertaken = (error: Error | null): boolean => error instanceof ApiError && error.status === 412;

interface RefusalProps {
  readonly error: Error | null;
  readonly why: string;
  readonly rest: readonly FieldProblem[];
  /** Some of it stands at its field already. */
  readonly placed: boolean;
}

/** A long form hides its end, and its beginning: to the first field that is wrong, else to the reason. */
function toWhatIsWrong(reason: HTMLElement | null): void {
  const field = reason?.closest("form")?.querySelector(".wrong");
  (field ?? reason)?.scrollIntoView?.({ block: "center" });
}

/** Why it was not done, and what is wrong that has no field here. */
function Refusal({ error, why, rest, placed }: RefusalProps): ReactNode {
  if (error === null || error instanceof SessionOverError) return null;
  return (
    <div className="notice bad" role="alert" ref={toWhatIsWrong}>
      <div>
        <p>
          <b>{why}</b>
          {placed ? strings.api.unfit : withoutPlaces(error)}
        </p>
        {rest.length ? (
          <ul>
            {rest.map((one) => (
              <li key={`${one.where} ${one.problem}`}>{`${inWords(one.where)}: ${one.problem}`}</li>
            ))}
          </ul>
        ) : null}
      </div>
    </div>
  );
}

function trimmed(values: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value ?? "").trim()]));
}

/** What the API says of fields, at the fields that the form has; what is about none of them, in a list. */
export function apart(
  error: unknown,
  fields: readonly string[],
  place: (where: string) => string | undefined = ofBody,
): { inFields: Record<string, string>; rest: FieldProblem[] } {
  const inFields: Record<string, string> = {};
  const rest: FieldProblem[] = [];
  if (!(error instanceof ApiError)) return { inFields, rest };
  for (const one of error.fields) {
    const name = fieldOf(place(one.where), fields);
    if (name !== undefined) inFields[name] = one.problem;
    else if (!error.message.includes(one.problem)) rest.push(one);
  }
  return { inFields, rest };
}

/** The field itself; the group whose members are fields (`roles` of `roles.provider`); the list that holds a line. */
function fieldOf(name: string | undefined, fields: readonly string[]): string | undefined {
  if (name === undefined) return undefined;
  const has = (one: string): boolean => fields.some((field) => field === one || field.startsWith(`${one}.`));
  return [name, name.replace(/\.\d+$/, "")].find(has);
}

const ofBody = (where: string): string => where.replace(/^(body|query|path)\./, "");

/** The reason without the names that its places have in the API. */
const withoutPlaces = (error: Error): string =>
  (error instanceof ApiError ? error.fields : []).reduce(
    // With what is said of it: the name alone may be a word of the sentence.
    (said, { where, problem }) =>
      said.replace(`${where}: ${problem}`, problem).replace(`${ofBody(where)}: ${problem}`, problem),
    reasonOf(error),
  );
