/** Which registers there are. Each is a chunk of its own that is fetched when it is first opened. */

import { type ComponentType, lazy } from "react";
import { incidents } from "../../strings/incidents";
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
];
