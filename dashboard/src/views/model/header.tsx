/** The top of a model's page: one sentence on what is wrong, what to do, and the facts about the model. */

import type { ReactNode } from "react";
import type { Alert, Model, ModelPage } from "../../api/types";
import { Mirrored } from "../../components/mirrored";
import { Badge, StateBadge } from "../../components/state";
import { Since, WindowName } from "../../components/time";
import { counts, measure, setting, span, words } from "../../format";
import { useTitle } from "../../shell/title";
import { cloud, measureName, word } from "../../words";
import { byUrgency, outcomeName } from "../alerting/trouble";
import { unchecked } from "./unchecked";

export function Header({ page }: { page: ModelPage }): ReactNode {
  const { model } = page;
  const open = page.alerts.filter((alert) => alert.state !== "resolved").sort(byUrgency);
  useTitle(model.name);
  return (
    <>
      {presence(model)}
      <div className="lead">
        <p className="quiet">
          <a href="#/models">Models</a>
          {` / ${cloud(model.cloud)}`}
        </p>
        <h1>{model.name}</h1>
        <p className={`headline ${open.length ? word(open[0]?.severity).tone : page.checkedAt ? "good" : "off"}`}>
          {headline(open, page.checkedAt, model)}
        </p>
        {todo(open[0]?.remedy ?? (page.checkedAt ? null : unchecked(model).remedy))}
      </div>
    </>
  );
}

function todo(remedy: string | null): ReactNode {
  return remedy ? (
    <p className="todo">
      <b>{"What to do: "}</b>
      {remedy}
    </p>
  ) : null;
}

export function headline(open: readonly Alert[], checkedAt: string | null, model: Model): string {
  const [worst, ...others] = open;
  if (!worst) {
    return checkedAt
      ? "No check has an open finding on this model."
      : `This model has not been checked yet: ${unchecked(model).because}.`;
  }
  const number =
    worst.value === null
      ? ""
      : ` (${measureName(worst.measure)} ${measure(worst.value)}${worst.threshold === null ? "" : `, threshold ${setting(worst.threshold)}`})`;
  const outcome = outcomeName(worst);
  const of = outcome ? ` Outcome: ${outcome}.` : "";
  const window = worst.windows?.[0];
  const from = window ? ` Since ${span(window)}.` : "";
  const more = others.length ? ` ${counts(others.length, "other alert is", "other alerts are")} open.` : "";
  return `${worst.title.replace(/\.$/, "")}${number}.${of}${from}${more}`;
}

function presence(model: Model): ReactNode {
  if (model.presence === "gone") {
    return (
      <div className="notice off">
        <p>
          <b>{"The endpoint is gone. "}</b>
          Its source was listed completely and it was not there. What is shown below is history.
        </p>
      </div>
    );
  }
  if (model.presence === "unknown") {
    return (
      <div className="notice warn">
        <p>
          <b>{"Source unavailable. "}</b>
          Whether this endpoint still exists could not be read. What is shown below is as of the last check.
        </p>
      </div>
    );
  }
  return null;
}

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
        "Risk",
        model.risk ? (
          <StateBadge name={`risk_${model.risk.level}`} />
        ) : (
          <Badge word={{ tone: "unsure", text: "not decided" }} />
        ),
      )}
      {fact("Compliance life", words(model.compliance_status ?? "draft"))}
      {fact("Owner", model.owner ?? <Badge word={{ tone: "warn", text: "no owner: nobody is told" }} />)}
      {fact("Cloud", model.endpoint ? `${cloud(model.cloud)} · ${model.endpoint.scope}` : cloud(model.cloud))}
      {page.mirroredAt ? fact("Results", <Mirrored row={page} />) : null}
      {fact("Endpoint", model.endpoint ? `${model.endpoint.name} (${words(model.endpoint.status)})` : "none")}
      {fact("Checked by", model.window)}
      {fact("Captured traffic", captured(model))}
      {fact("Last check", checkedAt ? <Since at={checkedAt} /> : "never")}
      {fact(
        "Newest data",
        newest ? (
          <>
            <WindowName window={newest} />
            <span className="quiet">
              {" · ended "}
              <Since at={newest.end} />
            </span>
          </>
        ) : (
          "no data yet"
        ),
      )}
    </dl>
  );
}

function captured(model: Model): ReactNode {
  const capture = model.endpoint?.capture;
  if (capture?.enabled) return `${capture.sampling_percent}%`;
  return (
    <Badge word={{ tone: "warn", text: capture ? "off: nothing new is checked" : "not set up: nothing is checked" }} />
  );
}
