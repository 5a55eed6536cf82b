/** What a model is and what is wrong with it. */

import type { ReactNode } from "react";
import type { ModelPage } from "../../api/types";
import { Empty } from "../../components/panel";
import { Time } from "../../components/time";
import { list } from "../../format";
import { address } from "../../router";
import { strings } from "../../strings";
import { actions } from "../alerting/actions";
import { byUrgency, Trouble } from "../alerting/trouble";
import { EditDescription } from "./actions";
import { Facts } from "./header";

const text = strings.model;

export function Summary({ page }: { page: ModelPage }): ReactNode {
  return (
    <>
      <section className="card" aria-labelledby="title-what">
        <div className="card-head">
          <h2 id="title-what">{text.what}</h2>
          <div className="toolbar">
            <a href={address(["models", page.model.id, "trace"])}>{text.trace}</a>
            <EditDescription page={page} />
          </div>
        </div>
        <Facts page={page} />
        <Described page={page} />
      </section>
      <section className="card" aria-labelledby="title-wrong">
        <h2 id="title-wrong">{text.wrong}</h2>
        {page.alerts.length === 0 ? (
          <Empty what={text.noAlerts} />
        ) : (
          <ul className="troubles">
            {[...page.alerts].sort(byUrgency).map((alert) => (
              <Trouble key={alert.id} alert={alert} named={false} actions={actions} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Described({ page: { model } }: { page: ModelPage }): ReactNode {
  const said = (value: string | null | undefined): ReactNode => value || <span className="quiet">{text.notSaid}</span>;
  return (
    <dl className="described">
      {(
        [
          [text.purpose, said(model.intended_purpose)],
          [text.description, said(model.description)],
          [text.domain, said(model.domain)],
          [text.sources, said(list(model.data_sources ?? [], 6))],
          [text.limitations, said(model.limitations)],
          [text.oversight, said(model.oversight_plan)],
          [text.registered, <Time key="registered" at={model.registered_at} />],
        ] as const
      ).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
