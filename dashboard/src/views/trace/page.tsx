/** One prediction: what answered it and what that was made from. Both the id and the time are part of the address. */

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { isMissing } from "../../api/client";
import type { Lineage } from "../../api/types";
import { useApp } from "../../app";
import { Empty, Panel } from "../../components/panel";
import { Time, useNow } from "../../components/time";
import { measure, words } from "../../format";
import { local, moment } from "../../forms/moment";
import { address, useChoices } from "../../router";
import { useTitle } from "../../shell/title";
import { strings } from "../../strings";
import { trace as text } from "../../strings/trace";
import { measureName } from "../../words";
import { Behind } from "../versions/lineage";

export function TracePage(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const [query] = useChoices();
  useTitle(text.title);
  const prediction = query["prediction"] ?? "";
  const at = moment(query["at"]);
  return (
    <>
      <div className="lead">
        <p className="quiet">
          <a href="#/models">{strings.shell.models}</a>
          {" / "}
          <a href={address(["models", id])}>{id}</a>
        </p>
        <h1>{text.title}</h1>
        <p className="quiet">{text.about}</p>
      </div>
      <section className="card" aria-label={text.title}>
        <Asked prediction={prediction} at={at} />
        {prediction && at ? <Found id={id} prediction={prediction} at={at} /> : null}
      </section>
    </>
  );
}

function Asked({ prediction, at }: { prediction: string; at: string | null }): ReactNode {
  const [, choose] = useChoices();
  const now = useNow();
  const look = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const when = moment(String(given.get("at") ?? ""));
    choose({ prediction: String(given.get("prediction") ?? "").trim(), at: when });
  };
  return (
    <form className="filters" onSubmit={look} key={`${prediction} ${at}`}>
      <label>
        {text.prediction}
        <input
          name="prediction"
          type="search"
          required
          defaultValue={prediction}
          autoComplete="off"
          placeholder={text.predictionHint}
        />
      </label>
      <label>
        {text.at}
        <input name="at" type="datetime-local" required defaultValue={local(at ? Date.parse(at) : now)} />
      </label>
      <button type="submit" className="primary">
        {text.look}
      </button>
    </form>
  );
}

function Found({ id, prediction, at }: { id: string; prediction: string; at: string }): ReactNode {
  const traced = useQuery(useApp().reads.model(id).trace(prediction, at));
  if (isMissing(traced.error)) return <Empty what={text.nothing} hint={traced.error.message} />;
  return (
    <Panel what="the trace" of={traced} lines={8}>
      {(found) => <Told id={id} found={found} />}
    </Panel>
  );
}

function Told({ id, found }: { id: string; found: Lineage }): ReactNode {
  return (
    <div className="stack">
      <h2>{text.behind(found.version)}</h2>
      <dl className="described">
        <Line name={text.request}>{found.request_id}</Line>
        <Line name={text.row}>{found.prediction_id}</Line>
        <Line name={text.made}>{found.predicted_at ? <Time at={found.predicted_at} /> : null}</Line>
        <Line name={text.approvals}>
          {(found.approvals ?? []).length
            ? (found.approvals ?? []).map((one) => text.by(words(one.target), one.by.join(", "))).join("; ")
            : text.noApprovals}
        </Line>
        <Line name={text.metrics}>{measured(found)}</Line>
        <Line name={text.parameters}>{set(found)}</Line>
      </dl>
      <Behind found={found} />
      <p>
        <a href={address(["models", id], { section: "versions", version: found.version })}>{text.versions}</a>
      </p>
    </div>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return children ? (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  ) : null;
}

function measured(found: Lineage): string {
  return Object.entries(found.metrics ?? {})
    .map(([name, value]) => `${measureName(name)} ${measure(value as number)}`)
    .join(", ");
}

function set(found: Lineage): string {
  return Object.entries(found.hyperparameters ?? {})
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}
