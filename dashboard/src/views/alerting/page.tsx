/** Alerts, and whom they reach: what is in trouble, and the rules, routes, receivers and silences, each in a chunk of its own. */

import { Tabs } from "@base-ui/react/tabs";
import { lazy, type ReactNode, Suspense } from "react";
import { Waiting } from "../../components/panel";
import { useChoices } from "../../router";
import { useTitle } from "../../shell/title";
import { strings } from "../../strings";
import { routing as text } from "../../strings/routing";
import { AcknowledgeNote } from "./acknowledge";
import { Alerts } from "./list";

const Rules = lazy(async () => ({ default: (await import("./editors/rules")).Rules }));
const Routes = lazy(async () => ({ default: (await import("./editors/routes")).Routes }));
const Receivers = lazy(async () => ({ default: (await import("./editors/receivers")).Receivers }));
const Silences = lazy(async () => ({ default: (await import("./editors/silences")).Silences }));

const VIEWS = [
  ["alerts", text.alerts, Alerts],
  ["rules", text.rules, Rules],
  ["routes", text.routes, Routes],
  ["receivers", text.receivers, Receivers],
  ["silences", text.silences, Silences],
] as const;

export function AlertsPage(): ReactNode {
  const [query, choose] = useChoices();
  useTitle(strings.alerts.heading);
  const [view, title, View] = VIEWS.find(([name]) => name === query["view"]) ?? VIEWS[0];
  return (
    <>
      <div className="lead">
        <h1>{strings.alerts.heading}</h1>
        {view === "alerts" ? <AcknowledgeNote /> : null}
      </div>
      <Tabs.Root
        className="panel"
        value={view}
        onValueChange={(name: string) => choose({ view: name === "alerts" ? null : name })}
      >
        <Tabs.List className="tabs" aria-label={text.tabs}>
          {VIEWS.map(([name, shown]) => (
            <Tabs.Tab value={name} key={name}>
              {shown}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={view} key={view} className="panel">
          <Suspense fallback={<Waiting what={title} lines={6} />}>
            <View />
          </Suspense>
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}
