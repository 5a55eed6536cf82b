/** After an entry was added, its page: what is missing and what can be done stands there. */

import { address } from "../../router";

/** The API answers with the entry itself, or with an answer that holds it. */
export const toEntry =
  (register: string) =>
  (response: unknown): void => {
    const { data } = response as { data?: { readonly id?: string; readonly entry?: { readonly id: string } } };
    const id = data?.entry?.id ?? data?.id;
    if (id) location.hash = address(["registers", register, id]);
  };
