/** A questionnaire as a form, made from the JSON Schema of its answers. What is left open stays unknown, never "no". */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Classification, QuestionnaireForm } from "../../api/types";
import { useApp } from "../../app";
import { sentenceCase, words } from "../../format";
import { Action, Coming, type Values } from "../../forms/action";
import { ChoiceField, LongField, NumberField, type Options, TextField } from "../../forms/fields";
import { strings } from "../../strings";

const text = strings.compliance;
const ROUTE = "PUT /api/v1/models/{model_id}/classifications/{questionnaire}";

interface Question {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Question[];
  readonly items?: Question;
  readonly default?: unknown;
}

/** The kind of answer that a question takes; other shapes are not asked here. */
type Kind = "yes_no" | "choice" | "choices" | "number" | "text" | "none";

export function kindOf(question: Question): { readonly kind: Kind; readonly options: readonly string[] } {
  const { type, enum: choices, items } = question.anyOf?.find((one) => one.type !== "null") ?? question;
  if (choices) return { kind: "choice", options: choices };
  if (type === "array" && items?.enum) return { kind: "choices", options: items.enum };
  if (type === "boolean") return { kind: "yes_no", options: [] };
  if (type === "number" || type === "integer") return { kind: "number", options: [] };
  return { kind: type === "string" ? "text" : "none", options: [] };
}

/** A description that explains each option ("1a: remote identification; 2: …") names the options; what is left stays one. */
export function labelled(
  description: string,
  options: readonly string[],
): { about: string; labels: Record<string, string> } {
  const labels: Record<string, string> = {};
  let about = description;
  for (const option of options) {
    const name = option.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const found = new RegExp(`(?<![\\w/])${name}: ([^;]+)`).exec(description)?.[1];
    if (!found) continue;
    labels[option] = `${option}: ${found.trim()}`;
    about = about.replace(`${option}: ${found}`, "");
  }
  return {
    about: about
      .replace(/(?:;\s*)+/g, " ")
      .replace(/\bnull: none\b\.?/, "")
      .trim()
      .replace(/[\s.;]+$/, ""),
    labels,
  };
}

function isNullable(question: Question): boolean {
  return question.anyOf?.some((one) => one.type === "null") ?? false;
}

type Questions = readonly (readonly [string, Question])[];

/** What has to be answered first; the rest by its name in the questionnaire. */
export function questionsOf(form: QuestionnaireForm): { required: Questions; others: Questions } {
  const schema = form.answers as { properties?: Record<string, Question>; required?: string[] };
  const all = Object.entries(schema.properties ?? {}).filter(([, question]) => kindOf(question).kind !== "none");
  const needed = new Set(schema.required ?? []);
  return { required: all.filter(([name]) => needed.has(name)), others: all.filter(([name]) => !needed.has(name)) };
}

/** What was filled in, as the API takes it. Nothing is sent for what was left open, but what was answered before stays. */
export function answersOf(
  form: QuestionnaireForm,
  values: Values,
  before: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { required, others } = questionsOf(form);
  const answers: Record<string, unknown> = { ...before };
  for (const [name, question] of [...required, ...others]) {
    const { kind, options } = kindOf(question);
    if (kind === "choices") {
      const chosen = options.filter((option) => values[`${name}.${option}`] === "true");
      if (chosen.length) answers[name] = chosen;
      else delete answers[name];
      continue;
    }
    const value = values[name] ?? "";
    // Where an answer has to be given and may be null, null says "none of these".
    if (value === "" && required.some(([one]) => one === name) && isNullable(question)) answers[name] = null;
    else if (value === "") delete answers[name];
    else if (kind === "yes_no") answers[name] = value === "yes";
    else if (kind === "number") answers[name] = Number(value);
    else answers[name] = value;
  }
  return answers;
}

interface QuestionnaireProps {
  readonly id: string;
  readonly questionnaire: string;
}

/** The questionnaire by its title, once that was read. */
export function QuestionnaireName({ of }: { of: string }): ReactNode {
  const forms = useQuery(useApp().reads.questionnaires());
  return forms.data?.find((one) => one.id === of)?.title ?? sentenceCase(words(of));
}

export function AnswerQuestionnaire({ id, questionnaire }: QuestionnaireProps): ReactNode {
  const { api, reads } = useApp();
  const forms = useQuery(reads.questionnaires());
  const given = useQuery(reads.model(id).classifications());
  const form = forms.data?.find((one) => one.id === questionnaire);
  if (!form || !given.data)
    return forms.isPending || given.isPending ? <Coming route={ROUTE} label={text.answer} /> : null;
  const before = given.data.find((one) => one.questionnaire === questionnaire);
  const answers = (before?.answers ?? {}) as Record<string, unknown>;
  const { required, others } = questionsOf(form);
  return (
    <Action
      route={ROUTE}
      label={text.answer}
      title={form.title}
      about={<About before={before} />}
      told={text.answered}
      touches={[["model", id], ["standings"], ["portfolio"]]}
      send={(values, headers) =>
        api.PUT("/api/v1/models/{model_id}/classifications/{questionnaire}", {
          params: { path: { model_id: id, questionnaire } },
          body: { answers: answersOf(form, values, answers) as never },
          headers,
        })
      }
    >
      {required.map(([name, question]) => (
        <Field key={name} name={name} question={question} answer={answers[name]} required />
      ))}
      <details className="questions">
        <summary>{strings.forms.moreQuestions(others.length)}</summary>
        <div className="stack">
          {others.map(([name, question]) => (
            <Field key={name} name={name} question={question} answer={answers[name]} required={false} />
          ))}
        </div>
      </details>
    </Action>
  );
}

function About({ before }: { before: Classification | undefined }): ReactNode {
  return (
    <>
      <p>{text.answerAbout}</p>
      {before?.contradictions?.length ? (
        <div className="notice warn">
          <p>
            <b>{text.contradictions}</b>
            {before.contradictions.join("; ")}
          </p>
        </div>
      ) : null}
    </>
  );
}

interface FieldProps {
  readonly name: string;
  readonly question: Question;
  readonly answer: unknown;
  readonly required: boolean;
}

const OPEN = ["", text.notKnown] as const;

function Field({ name, question, answer, required }: FieldProps): ReactNode {
  const { kind, options } = kindOf(question);
  const given = {
    name,
    required,
    label: question.title ?? sentenceCase(words(name)),
    ...(question.description ? { hint: sentenceCase(question.description) } : {}),
  };
  if (kind === "yes_no") {
    const open = required ? (["", text.choose] as const) : OPEN;
    const yesNo: Options = [open, ["yes", text.yes], ["no", text.no]];
    return <ChoiceField {...given} options={yesNo} value={answer === true ? "yes" : answer === false ? "no" : ""} />;
  }
  if (kind === "choice") return <Choice {...given} question={question} options={options} answer={answer} />;
  if (kind === "choices") return <Choices {...given} options={options} answer={answer} />;
  const said = textOf(answer);
  if (kind === "number") return <NumberField {...given} value={said} />;
  return name.endsWith("_reasons") ? <LongField {...given} value={said} /> : <TextField {...given} value={said} />;
}

function textOf(answer: unknown): string {
  return typeof answer === "string" || typeof answer === "number" ? String(answer) : "";
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required: boolean;
  readonly question: Question;
  readonly options: readonly string[];
  readonly answer: unknown;
}

/** Where a choice has to be made and may be null, "none of these" is an answer. */
function Choice({ question, options, answer, required, ...given }: ChoiceProps): ReactNode {
  const noneOf = required && isNullable(question);
  const { about, labels } = labelled(question.description ?? "", options);
  return (
    <ChoiceField
      {...given}
      required={required && !noneOf}
      says
      {...(about ? { hint: sentenceCase(about) } : {})}
      options={[
        noneOf ? (["", text.noneOfThese] as const) : OPEN,
        ...options.map((one) => [one, labels[one] ?? words(one)] as const),
      ]}
      value={textOf(answer)}
    />
  );
}

function Choices(props: {
  name: string;
  label: string;
  hint?: string;
  options: readonly string[];
  answer: unknown;
}): ReactNode {
  const chosen = Array.isArray(props.answer) ? props.answer : [];
  return (
    <fieldset className="field">
      <legend>{props.label}</legend>
      {props.hint ? <p className="quiet">{props.hint}</p> : null}
      {props.options.map((option) => (
        <Tick key={option} name={`${props.name}.${option}`} label={words(option)} checked={chosen.includes(option)} />
      ))}
    </fieldset>
  );
}

function Tick({ name, label, checked }: { name: string; label: string; checked: boolean }): ReactNode {
  return (
    <ChoiceField
      name={name}
      label={label}
      required
      value={checked ? "true" : ""}
      options={[
        ["", text.no],
        ["true", text.yes],
      ]}
    />
  );
}
