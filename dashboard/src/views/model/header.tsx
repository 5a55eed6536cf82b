/** The top of a model's page: one sentence on what is wrong, what to do, and the facts about the model. */

import type { ReactNode } from "react";
import { untold } from "../../api/standing";
import type { Alert, Checked, Model, ModelPage } from "../../api/types";
import { Late, Mirrored } from "../../components/mirrored";
import { Badge, StateBadge } from "../../components/state";
import { Since, WindowName } from "../../components/time";
import { count, list, measure, percent, setting, span, words } from "../../format";
import { useTitle } from "../../shell/title";
import { home as text } from "../../strings/home";
import { cloud, concern, measureName, type Tone, word } from "../../words";
import { byUrgency, outcomeName } from "../alerting/trouble";
import { shares } from "./places";
import { unchecked } from "./unchecked";

export function Header({ page }: { page: ModelPage }): ReactNode {
  const { model } = page;
  const open = page.alerts.filter((alert) => alert.state !== "resolved").sort(byUrgency);
  useTitle(model.name);
  return (
    <>
      {presence(model)}
      <Late row={page} />
      <div className="lead">
        <nav className="path quiet" aria-label={text.path}>
          <ol>
            <li>
              <a href="#/models">{text.models}</a>
            </li>
            <li>{cloud(model.cloud)}</li>
            <li aria-current="page">{model.name}</li>
          </ol>
        </nav>
        <h1>{model.name}</h1>
        <p className={`headline ${toneOf(page, open)}`}>{headline(open, page.checkedAt, model, untold(page))}</p>
        {todo(open[0]?.remedy ?? (page.checkedAt ? null : unchecked(model).remedy))}
      </div>
    </>
  );
}

function todo(remedy: string | null): ReactNode {
  return remedy ? (
    <p className="todo">
      <b>{text.toDo}</b>
      {remedy}
    </p>
  ) : null;
}

function toneOf(page: ModelPage, open: readonly Alert[]): Tone {
  if (open.length) return word(open[0]?.severity).tone;
  if (!page.checkedAt) return "off";
  return untold(page).length ? "unsure" : "good";
}

/** `unsure`: the checks that could not tell. */
export function headline(
  open: readonly Alert[],
  checkedAt: string | null,
  model: Model,
  unsure: readonly Checked[] = [],
): string {
  const [worst, ...others] = open;
  if (!worst) {
    if (!checkedAt) return text.unchecked(unchecked(model).because);
    return unsure.length ? text.unsure(list(unsure.map((one) => concern(one).toLowerCase()))) : text.quiet;
  }
  const number =
    worst.value === null
      ? ""
      : `${text.number(measureName(worst.measure), measure(worst.value))}${worst.threshold === null ? "" : text.threshold(setting(worst.threshold))})`;
  const outcome = outcomeName(worst);
  const of = outcome ? text.outcome(outcome) : "";
  const window = worst.windows?.[0];
  const from = window ? text.since(span(window)) : "";
  const more = others.length ? text.others(count(others.length), others.length === 1) : "";
  return `${worst.title.replace(/\.$/, "")}${number}.${of}${from}${more}`;
}

function presence(model: Model): ReactNode {
  if (model.presence === "gone") {
    return (
      <div className="notice off">
        <p>
          <b>{text.gone}</b>
          {text.goneAbout}
        </p>
      </div>
    );
  }
  if (model.presence === "unknown") {
    return (
      <div className="notice warn">
        <p>
          <b>{text.unread}</b>
          {text.unreadAbout}
        </p>
      </div>
    );
  }
  return null;
}

const { facts } = text;

export function Facts({ page }: { page: ModelPage }): ReactNode {
  const { model, checkedAt, newest } = page;
  const fact = (name: string, value: ReactNode): ReactNode => (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
  return (
    <dl className="facts">
      {fact(
        facts.risk,
        model.risk ? (
          <StateBadge name={`risk_${model.risk.level}`} />
        ) : (
          <Badge word={{ tone: "unsure", text: facts.undecided }} />
        ),
      )}
      {fact(facts.life, words(model.compliance_status ?? "draft"))}
      {fact(facts.owner, model.owner ?? <Badge word={{ tone: "warn", text: facts.noOwner }} />)}
      {fact(facts.cloud, model.endpoint ? `${cloud(model.cloud)} · ${model.endpoint.scope}` : cloud(model.cloud))}
      {page.mirroredAt ? fact(facts.results, <Mirrored row={page} />) : null}
      {fact(facts.endpoint, model.endpoint ? `${model.endpoint.name} (${words(model.endpoint.status)})` : facts.none)}
      {served(model) ? fact(facts.served, served(model)) : null}
      {fact(facts.checkedBy, model.window)}
      {fact(facts.captured, captured(model))}
      {fact(facts.lastCheck, checkedAt ? <Since at={checkedAt} /> : facts.never)}
      {fact(
        facts.newest,
        newest ? (
          <>
            <WindowName window={newest} />
            <span className="quiet">
              {facts.ended}
              <Since at={newest.end} />
            </span>
          </>
        ) : (
          facts.noData
        ),
      )}
    </dl>
  );
}

/** The versions behind the endpoint, as its cloud names them. */
function served(model: Model): string | null {
  const variants = (model.endpoint?.variants ?? []).filter((one) => one.model_version);
  return variants.length
    ? shares(variants)
        .map((one) => text.share(one.version, percent(one.share, 0)))
        .join(", ")
    : null;
}

function captured(model: Model): ReactNode {
  const capture = model.endpoint?.capture;
  if (capture?.enabled) return `${capture.sampling_percent}%`;
  return <Badge word={{ tone: "warn", text: capture ? facts.off : facts.notSetUp }} />;
}
