/** Addresses within the page: `#/models/<id>?feature=age`. Everything a person can look at has one. */

import { useNavigate, useSearch } from "@tanstack/react-router";

export type Query = Readonly<Record<string, string>>;

export function address(
  path: readonly string[],
  query: Readonly<Record<string, string | null | undefined>> = {},
): string {
  const tail = writeQuery(query);
  return `#/${path.map(encodeURIComponent).join("/")}${tail}`;
}

/** Parameters are plain text, as people read and type them. */
export function readQuery(search: string): Query {
  return Object.fromEntries(new URLSearchParams(search));
}

export function writeQuery(query: Readonly<Record<string, string | null | undefined>>): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) parts.set(name, value);
  const tail = parts.toString();
  return tail ? `?${tail}` : "";
}

export function useQueryOf(): Query {
  return useSearch({ strict: false }) as Query;
}

export type Choose = (change: Readonly<Record<string, string | null>>) => void;

/** The choices in the address, and how to change some: a choice is no journey, so the history gets no entry. */
export function useChoices(): readonly [Query, Choose] {
  const query = useQueryOf();
  const navigate = useNavigate();
  const choose: Choose = (change) =>
    void navigate({
      to: ".",
      replace: true,
      resetScroll: false,
      search: ((before: Query) => {
        const after: Record<string, string> = {};
        for (const [name, value] of Object.entries({ ...before, ...change })) if (value) after[name] = value;
        return after;
      }) as never,
    });
  return [query, choose];
}
