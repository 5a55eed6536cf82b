/** Where a model runs: clouds, accounts and regions, what serves there with which share, and what the registry says. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Model, ModelPage, Versions } from "../../api/types";
import { useApp } from "../../app";
import { pct } from "../../charts/scale";
import { Panel } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { percent, words } from "../../format";
import { address } from "../../router";
import { home as text } from "../../strings/home";
import { cloud } from "../../words";

type Variant = NonNullable<NonNullable<Model["endpoint"]>["variants"]>[number];

export function Places({ page }: { page: ModelPage }): ReactNode {
  const { reads } = useApp();
  const { model } = page;
  const found = useQuery(reads.find(model.name));
  const versions = useQuery(reads.model(model.id).versions());
  const isOther = (one: Model): boolean => one.name === model.name && one.id !== model.id;
  return (
    <section className="card" aria-labelledby="title-places">
      <div>
        <h2 id="title-places">{text.places}</h2>
        <p className="quiet">{text.placesAbout}</p>
      </div>
      <Clouds here={model.id} models={[model, ...(found.data?.models ?? []).filter(isOther)]} />
      {found.error ? (
        <Panel what={text.placesOf} of={found}>
          {() => null}
        </Panel>
      ) : null}
      {versions.data ? <Registry model={model} versions={versions.data} /> : null}
    </section>
  );
}

function Clouds({ here, models }: { here: string; models: readonly Model[] }): ReactNode {
  const clouds = [...new Set(models.map((one) => one.cloud))];
  return (
    <div className="places">
      {clouds.map((name) => (
        <div key={name}>
          <h3>{cloud(name)}</h3>
          <ul>
            {models
              .filter((one) => one.cloud === name)
              .map((one) => (
                <Place key={one.id} model={one} here={one.id === here} />
              ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Place({ model, here }: { model: Model; here: boolean }): ReactNode {
  const { endpoint } = model;
  return (
    <li aria-current={here ? "true" : undefined}>
      <p>
        {endpoint ? <b>{endpoint.scope.split("/").join(" · ")}</b> : <span className="quiet">{text.noEndpoint}</span>}{" "}
        <StateBadge name={model.presence ?? "unknown"} />
      </p>
      {endpoint ? <p className="quiet">{`${endpoint.name} (${words(endpoint.status)})`}</p> : null}
      {endpoint ? <Served variants={endpoint.variants ?? []} /> : null}
      {here ? null : <a href={address(["models", model.id])}>{model.id}</a>}
    </li>
  );
}

/** Weights are shares of their sum, as the clouds take them. */
export function shares(variants: readonly Variant[]): { name: string; version: string; share: number }[] {
  const sum = variants.reduce((all, one) => all + (one.weight ?? 0), 0);
  return variants.map((one) => ({
    name: one.name,
    version: one.model_version ? text.versionOf(one.model_version) : (one.model_name ?? text.unnamed),
    share: sum > 0 ? (one.weight ?? 0) / sum : 1 / variants.length,
  }));
}

function Served({ variants }: { variants: readonly Variant[] }): ReactNode {
  if (variants.length === 0) return <p className="quiet">{text.nothingServed}</p>;
  return (
    <ul className="shares">
      {shares(variants).map((one) => (
        <li key={one.name}>
          <span>{text.share(one.version, percent(one.share, 0))}</span>
          <svg className="bars" height={8} aria-hidden="true">
            <rect className="before" width="100%" height={8} rx={2} />
            <rect className="after" width={pct(one.share * 100)} height={8} rx={2} />
          </svg>
        </li>
      ))}
    </ul>
  );
}

function Registry({ model, versions }: { model: Model; versions: Versions }): ReactNode {
  const stages = Object.entries(versions.stages.of ?? {});
  const production = stages.find(([, stage]) => stage === "production")?.[0];
  const served = (model.endpoint?.variants ?? []).flatMap((one) => one.model_version ?? []);
  const differs = production && served.length > 0 && !served.includes(production);
  return (
    <>
      <p>
        <b>{`${text.registry}: `}</b>
        {stages.length
          ? stages.map(([version, stage]) => text.stageOf(version, words(stage))).join(", ")
          : text.noStages}
        {"."}
      </p>
      {differs ? (
        <div className="notice warn">
          <p>{text.disagrees(served.join(", "), production)}</p>
        </div>
      ) : null}
    </>
  );
}
