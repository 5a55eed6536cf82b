/** The registers of the law, a tab each in a chunk of its own, and each entry at an address of its own. */

import { Tabs } from "@base-ui/react/tabs";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { Waiting } from "../../components/panel";
import { useTitle } from "../../shell/title";
import { registers as text } from "../../strings/registers";
import { PLACES, type Place } from "./places";

export function RegistersPage(): ReactNode {
  const { register, id } = useParams({ strict: false }) as { register?: string; id?: string };
  const place = register === undefined ? PLACES[0] : PLACES.find(({ name }) => name === register);
  if (place === undefined) return <Unknown />;
  if (id !== undefined && place.One)
    return (
      <Suspense fallback={<Waiting what={place.title} lines={8} />}>
        <place.One key={id} id={id} />
      </Suspense>
    );
  return <Listed place={place} />;
}

function Unknown(): ReactNode {
  useTitle(text.none);
  return (
    <div className="lead">
      <h1>{text.none}</h1>
      <p>
        <a href="#/registers">{text.title}</a>
      </p>
    </div>
  );
}

function Listed({ place }: { place: Place }): ReactNode {
  const navigate = useNavigate();
  useTitle(`${text.title}: ${place.title}`);
  return (
    <>
      <div className="lead">
        <h1>{text.title}</h1>
      </div>
      <Tabs.Root
        className="panel"
        value={place.name}
        onValueChange={(name: string) => void navigate({ to: `/registers/${name}` as never, resetScroll: false })}
      >
        <Tabs.List className="tabs" aria-label={text.tabs}>
          {PLACES.map(({ name, title }) => (
            <Tabs.Tab value={name} key={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={place.name} key={place.name} className="panel">
          <Suspense fallback={<Waiting what={place.title} lines={6} />}>
            <place.All />
          </Suspense>
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}
