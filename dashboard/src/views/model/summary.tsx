/** What a model is, what is wrong with it, where it runs, and what happened to it last. */

import type { ReactNode } from "react";
import type { ModelPage } from "../../api/types";
import { Empty } from "../../components/panel";
import { address } from "../../router";
import { strings } from "../../strings";
import { actions } from "../alerting/actions";
import { byUrgency, Trouble } from "../alerting/trouble";
import { Described } from "./described";
import { Facts } from "./header";
import { Places } from "./places";
import { Latest } from "./timeline";

const text = strings.model;

export function Summary({ page }: { page: ModelPage }): ReactNode {
  return (
    <>
      <section className="card" aria-labelledby="title-what">
        <div className="card-head">
          <h2 id="title-what">{text.what}</h2>
          <a href={address(["models", page.model.id, "trace"])}>{text.trace}</a>
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
      <Places page={page} />
      <Latest id={page.model.id} />
    </>
  );
}
