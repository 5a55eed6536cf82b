/** What a register is to the dashboard: how it is read, what is shown of an entry, and how each next step is taken. */

import { infiniteQueryOptions, type QueryKey, queryOptions } from "@tanstack/react-query";
import type { ComponentType, ReactNode } from "react";
import type { Api, Edition } from "../../api/client";
import type { components } from "../../api/schema";
import type { ChangeRoute } from "../../app";
import type { Values } from "../../forms/action";
import type { Options } from "../../forms/fields";

type Schemas = components["schemas"];
export type EntryStanding = Schemas["Standing"];
export type ClockStanding = Schemas["ClockStanding"];
export type ClockState = Schemas["ClockState"];
export type Clock = Schemas["Clock"];
/** Something that may be done with an entry as it stands. */
export type Step = Pick<Schemas["Step"], "name" | "title"> & Partial<Schemas["Step"]>;
export type EntryCounts = Schemas["Counts"];

/** What the entries of every register have. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly state?: string;
  readonly model_ids?: readonly string[];
  readonly clocks?: readonly Clock[];
  readonly opened_at: string;
  readonly opened_by: string;
  readonly changed_at: string;
  readonly changed_by: string;
  readonly closed_at?: string | null;
  readonly review_due?: string | null;
}

/** What the API answers of an entry: the entry itself, or an answer that holds it, and where it stands. */
export interface Kept {
  readonly standing: EntryStanding;
}

/** Choices of the address; a register takes those that it knows. */
export type Wanted = Readonly<Record<string, string>>;

export interface Paging {
  readonly limit: number;
  readonly token?: string;
}

export interface Listed<V> {
  readonly entries: readonly V[];
  readonly next_token?: string | null | undefined;
}

/** How a step is taken: a dialog with fields, or with none where nothing is asked. */
export interface StepForm<V> {
  readonly route: ChangeRoute;
  /** On the button, where the step's own title is no word for one. */
  label?(view: V, step: Step): string;
  about?(view: V, step: Step): ReactNode;
  /** What the form does, where the step's title says what it is for. */
  readonly confirm?: string;
  fields?(view: V, step: Step): ReactNode;
  send(api: Api, sent: Taken<V>): Promise<unknown>;
  readonly told: string;
  readonly wide?: boolean;
  readonly tone?: "primary" | "danger" | "plain";
  /** Which field a place is that the API names, where the two are called differently. */
  readonly place?: (where: string) => string | undefined;
}

export interface Taken<V> {
  readonly view: V;
  readonly step: Step;
  readonly values: Values;
  readonly headers: Record<string, string>;
}

export interface Filter {
  /** As the API's parameter is called. */
  readonly name: string;
  readonly label: string;
  readonly options: Options;
}

export interface Register<V extends Kept> {
  /** In addresses: `#/registers/<name>/<id>`. */
  readonly name: string;
  /** In the audit trail: `<kind>/<id>`. */
  readonly kind: string;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly about: string;
  /** What an empty list says, and what would fill it. */
  readonly none: readonly [what: string, hint: string];
  readonly states: Options;
  readonly filters?: readonly Filter[];
  list(api: Api, wanted: Wanted, paging: Paging): Promise<Listed<V>>;
  counts?(api: Api): Promise<EntryCounts>;
  one(api: Api, id: string): Promise<Edition<V>>;
  entryOf(view: V): Entry;
  /** What the list says of an entry below its title. */
  inShort?(view: V): ReactNode;
  /** The button that adds an entry. */
  readonly Add?: ComponentType;
  /** What stands above the list. */
  readonly Above?: ComponentType;
  /** What an entry holds. */
  readonly Body: ComponentType<BodyProps<V>>;
  readonly steps: Readonly<Record<string, StepForm<V>>>;
  /** What may be done beside what the API names as next. */
  also?(view: V): readonly Step[];
}

export interface BodyProps<V> {
  readonly view: V;
  readonly etag: string | null;
}

const PAGE = 50;

export const entriesOf = <V extends Kept>(api: Api, register: Register<V>, wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ["registers", register.name, "list", wanted],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      register.list(api, wanted, { limit: PAGE, ...(pageParam === undefined ? {} : { token: pageParam }) }),
    getNextPageParam: (page) => page.next_token ?? undefined,
  });

export const countsOf = <V extends Kept>(api: Api, register: Register<V>) =>
  queryOptions({
    queryKey: ["registers", register.name, "counts"],
    queryFn: async () => (await register.counts?.(api)) ?? null,
    enabled: register.counts !== undefined,
  });

export const entryOf = <V extends Kept>(api: Api, register: Register<V>, id: string) =>
  queryOptions({
    queryKey: ["registers", register.name, "entry", id],
    queryFn: () => register.one(api, id),
  });

/** What a change of an entry makes old: every register, for a risk closes with an incident, and what is shown by them. */
export const TOUCHED: readonly QueryKey[] = [["registers"], ["audit"], ["alerts"], ["standings"], ["model"]];
