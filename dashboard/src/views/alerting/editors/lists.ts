/** Lists in fields: a line or a comma each, as people write them. */

import { ApiError } from "../../../api/client";
import { routing } from "../../../strings/routing";

export const lines = (text: string | undefined): string[] =>
  (text ?? "")
    .split("\n")
    .map((one) => one.trim())
    .filter(Boolean);

export const words = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

/** What is called new must not overwrite what has the name. */
export function free(name: string, taken: readonly string[]): void {
  if (taken.includes(name))
    throw new ApiError(409, routing.taken(name), [{ where: "name", problem: routing.taken(name) }]);
}

/** Which field a place of the API's answer is about: `body.matchers.0`, `matchers[0]` and `option channel` are such. */
export function placeOf(fields: Readonly<Record<string, string>>): (where: string) => string | undefined {
  return (where) => {
    const bare = where.replace(/^body\./, "").replace(/^routing\./, "");
    return fields[bare] ?? fields[bare.replace(/[[.].*$/, "")];
  };
}
