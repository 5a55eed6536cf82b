/** A change of the API from a form or a button: sent once whatever happens, told when it is done, and what it touches read anew. */

import { type QueryKey, type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { changing } from "../api/client";
import { useTell } from "../shell/told";

export interface ChangeOptions<Sent> {
  /** `headers` carry the key under which the API takes the same intention once. */
  send(sent: Sent, headers: Record<string, string>): Promise<unknown>;
  /** What is said when it is done. */
  readonly told: string | ((sent: Sent) => string);
  /** What happens with the answer then. */
  done?(answer: unknown): void;
  /** Beginnings of the keys of what has to be read again. */
  readonly touches: readonly QueryKey[];
  /** The edition of the record that was seen; null: it has none; undefined, where it is given: it is not read yet. */
  readonly etag?: string | null | undefined;
}

/** The mutation ends when what it touches was read again, so that who waits for it sees the new state. */
export function useChange<Sent>(options: ChangeOptions<Sent>): UseMutationResult<unknown, Error, Sent> {
  const client = useQueryClient();
  const tell = useTell();
  const intention = useRef<{ readonly of: string; readonly key: string } | null>(null);
  return useMutation({
    mutationFn: (sent: Sent) => {
      const of = JSON.stringify(sent ?? null);
      if (intention.current?.of !== of) intention.current = { of, key: crypto.randomUUID() };
      return options.send(sent, changing(intention.current.key, options.etag));
    },
    onSuccess: async (answer, sent) => {
      intention.current = null;
      await Promise.all(options.touches.map((queryKey) => client.invalidateQueries({ queryKey })));
      tell(typeof options.told === "string" ? options.told : options.told(sent));
      options.done?.(answer);
    },
  });
}
