/** One model: what is wrong in one sentence, then each concern in its tab, which is part of the address. */

import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { isMissing } from "../../api/client";
import type { ModelPage } from "../../api/types";
import { useApp } from "../../app";
import { Empty, Panel, Waiting } from "../../components/panel";
import { Icon } from "../../components/state";
import { useQueryOf } from "../../router";
import { useTitle } from "../../shell/title";
import { strings } from "../../strings";
import { type Tone, word } from "../../words";
import { STATES } from "../compliance/states";
import { ModelActions } from "./actions";
import { Header } from "./header";
import { Summary } from "./summary";

const Drift = lazy(async () => ({ default: (await import("../drift/section")).Drift }));
const Quality = lazy(async () => ({ default: (await import("../quality/section")).Quality }));
const Fairness = lazy(async () => ({ default: (await import("../bias/section")).Fairness }));
const Compliance = lazy(async () => ({ default: (await import("../compliance/section")).Compliance }));
const LawfulFile = lazy(async () => ({ default: (await import("../registers/lawful/section")).LawfulFile }));
const Timeline = lazy(async () => ({ default: (await import("./timeline")).Timeline }));
const VersionsTab = lazy(async () => ({ default: (await import("../versions/tab")).VersionsTab }));

const text = strings.model;

type TabName = "summary" | "drift" | "quality" | "bias" | "versions" | "compliance" | "activity";

/** `tone` gives the state that the tab shows before it is opened. */
const TABS: readonly { name: TabName; title: string; tone?: (page: ModelPage) => Tone }[] = [
  { name: "summary", title: text.summary },
  { name: "drift", title: text.drift, tone: (page) => word(page.checks.drift?.state).tone },
  { name: "quality", title: text.quality, tone: (page) => word(page.checks.quality?.state).tone },
  { name: "bias", title: text.bias, tone: (page) => word(page.checks.bias?.state).tone },
  { name: "versions", title: text.versions },
  {
    name: "compliance",
    title: text.compliance,
    tone: (page) => word(STATES.find((state) => (page.requirements?.[state] ?? 0) > 0)).tone,
  },
  { name: "activity", title: text.activity },
];

export function ModelHome(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { reads } = useApp();
  const standing = useQuery(reads.model(id).standing());
  if (isMissing(standing.error)) return <Missing reason={standing.error.message} />;
  return (
    <Panel what="this model" of={standing} lines={8}>
      {(page) => <Home key={id} page={page} />}
    </Panel>
  );
}

function Missing({ reason }: { reason: string }): ReactNode {
  useTitle(text.missing);
  return (
    <div className="lead">
      <h1>{text.missing}</h1>
      <p>
        {`${reason} `}
        <a href="#/models">{strings.shell.models}</a>
      </p>
    </div>
  );
}

function Home({ page }: { page: ModelPage }): ReactNode {
  const query = useQueryOf();
  const navigate = useNavigate();
  const chosen = TABS.find(({ name }) => name === query["section"])?.name ?? "summary";
  const open = (name: TabName): void =>
    void navigate({ to: ".", resetScroll: false, search: (name === "summary" ? {} : { section: name }) as never });
  return (
    <>
      <Header page={page} />
      <ModelActions page={page} />
      <Tabs.Root className="panel" value={chosen} onValueChange={open}>
        <Tabs.List className="tabs sections" aria-label={text.tabs}>
          {TABS.map(({ name, title, tone }) => (
            <Tabs.Tab value={name} key={name}>
              {tone ? <Icon tone={tone(page)} /> : null}
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={chosen} className="panel" key={chosen}>
          <Suspense fallback={<Waiting what={chosen} lines={6} />}>
            <TabBody name={chosen} page={page} />
          </Suspense>
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}

function TabBody({ name, page }: { name: TabName; page: ModelPage }): ReactNode {
  if (name === "summary") return <Summary page={page} />;
  if (name === "versions") return <VersionsTab page={page} />;
  return (
    <section className="card" id={`section-${name}`} aria-labelledby={`title-${name}`}>
      <h2 id={`title-${name}`}>{text[name]}</h2>
      <Section name={name} page={page} />
    </section>
  );
}

/** Asks only for reports that there are: a model that was never checked is no error. */
function Section({ name, page }: { name: Exclude<TabName, "summary" | "versions">; page: ModelPage }): ReactNode {
  if (name === "drift") {
    return page.checks.drift ? <DriftTab page={page} /> : <Empty what={text.noDrift} hint={text.noDriftHint} />;
  }
  if (name === "quality") {
    return page.checks.quality ? <QualityTab page={page} /> : <Empty what={text.noQuality} hint={text.noQualityHint} />;
  }
  if (name === "bias") return page.checks.bias ? <BiasTab page={page} /> : <Fairness id={page.model.id} reports={[]} />;
  return name === "compliance" ? <ComplianceTab page={page} /> : <Timeline id={page.model.id} />;
}

function DriftTab({ page }: { page: ModelPage }): ReactNode {
  const of = useQuery(useApp().reads.model(page.model.id).drift());
  return (
    <Panel what="drift" of={of} lines={8}>
      {(data) => <Drift id={page.model.id} data={data} />}
    </Panel>
  );
}

function QualityTab({ page }: { page: ModelPage }): ReactNode {
  const of = useQuery(useApp().reads.model(page.model.id).quality());
  return (
    <Panel what="data quality" of={of} lines={8}>
      {(report) => <Quality id={page.model.id} report={report} />}
    </Panel>
  );
}

function BiasTab({ page }: { page: ModelPage }): ReactNode {
  const of = useQuery(useApp().reads.model(page.model.id).bias());
  return (
    <Panel what="fairness" of={of} lines={8}>
      {(reports) => <Fairness id={page.model.id} reports={reports} />}
    </Panel>
  );
}

function ComplianceTab({ page }: { page: ModelPage }): ReactNode {
  const of = useQuery(useApp().reads.model(page.model.id).compliance());
  return (
    <>
      <Panel what="compliance" of={of} lines={8}>
        {(frameworks) => <Compliance id={page.model.id} frameworks={frameworks} />}
      </Panel>
      <Suspense fallback={null}>
        <LawfulFile id={page.model.id} />
      </Suspense>
    </>
  );
}
