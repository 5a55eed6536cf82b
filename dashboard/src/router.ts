/** Addresses within the page: `#/models/<id>?feature=age`. Everything a person can look at has one. */

export interface Route {
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return {
    path: path.split("/").filter(Boolean).map(decode),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** A hand-typed address may hold a broken escape; it is then taken as it stands. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function address(
  path: readonly string[],
  query: Readonly<Record<string, string | null | undefined>> = {},
): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) parts.set(name, value);
  const tail = parts.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${tail ? `?${tail}` : ""}`;
}

/** Change part of the present address without a new entry in the history: a choice, not a journey. */
export function replaceQuery(change: Readonly<Record<string, string | null>>): void {
  const here = parseRoute(location.hash);
  history.replaceState(null, "", address(here.path, { ...here.query, ...change }));
}
