/** Which registers there are. Each is a chunk of its own that is fetched when it is first opened. */

import { type ComponentType, lazy } from "react";
import { calendar } from "../../strings/calendar";
import { erasures } from "../../strings/erasures";
import { incidents } from "../../strings/incidents";
import { assignments, trainings } from "../../strings/people";
import { policies } from "../../strings/policies";
import { processing } from "../../strings/processing";
import { requests } from "../../strings/requests";
import { risks } from "../../strings/risks";
import { systems } from "../../strings/systems";
import { vendors } from "../../strings/vendors";
import { EntryPage } from "./entry";
import { RegisterList } from "./list";
import type { Kept, Register } from "./register";

export interface Place {
  /** In the address: `#/registers/<name>`. */
  readonly name: string;
  readonly title: string;
  readonly All: ComponentType;
  /** One entry; a place without is no list of entries. */
  readonly One?: ComponentType<{ id: string }>;
}

/** A register with its list and an address for each entry. */
function register<V extends Kept>(name: string, title: string, load: () => Promise<Register<V>>): Place {
  return {
    name,
    title,
    All: lazy(async () => {
      const found = await load();
      return { default: () => <RegisterList register={found} /> };
    }),
    One: lazy(async () => {
      const found = await load();
      return { default: ({ id }: { id: string }) => <EntryPage register={found} id={id} /> };
    }),
  };
}

export const PLACES: readonly [Place, ...Place[]] = [
  register("incidents", incidents.title, async () => (await import("./incidents/register")).incidents),
  register("risks", risks.title, async () => (await import("./risks/register")).risks),
  register("requests", requests.title, async () => (await import("./requests/register")).requests),
  register("vendors", vendors.title, async () => (await import("./vendors/register")).VENDORS),
  register("systems", systems.title, async () => (await import("./systems/register")).SYSTEMS),
  register("processing", processing.title, async () => (await import("./processing/register")).PROCESSING),
  register("trainings", trainings.title, async () => (await import("./people/trainings")).TRAININGS),
  register("assignments", assignments.title, async () => (await import("./people/assignments")).ASSIGNMENTS),
  register("policies", policies.title, async () => (await import("./policies/register")).POLICIES),
  {
    name: "erasures",
    title: erasures.title,
    All: lazy(async () => ({ default: (await import("./erasures/list")).ErasuresPage })),
    One: lazy(async () => ({ default: (await import("./erasures/page")).ErasurePage })),
  },
  {
    name: "calendar",
    title: calendar.title,
    All: lazy(async () => ({ default: (await import("./calendar/page")).CalendarPage })),
  },
];
