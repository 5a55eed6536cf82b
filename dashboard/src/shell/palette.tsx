/** Ctrl-K: any model by the beginning of its name, any view. Arrow keys choose, Enter goes there. */

import { Dialog } from "@base-ui/react/dialog";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from "react";
import { useApp } from "../app";
import { reasonOf } from "../components/panel";
import { useSettled } from "../forms/settled";
import { address } from "../router";
import { strings } from "../strings";
import { cloud } from "../words";
import { takeEarly } from "./keys";
import { PLACES } from "./places";

const text = strings.palette;

interface Entry {
  readonly href: string;
  readonly name: string;
  readonly about: string;
}

export default function Palette({ close }: { close: () => void }): ReactNode {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const [entered, setEntered] = useState(false);
  const { entries, found, settled } = useEntries(typed);
  const chosen = entries[Math.min(at, entries.length - 1)];
  const go = (entry: Entry | undefined): void => {
    if (!entry) return;
    close();
    location.hash = entry.href;
  };
  // Enter before the answer came: the answer is awaited, not what was found for other letters.
  useEffect(() => {
    if (entered && settled) {
      setEntered(false);
      go(chosen);
    }
  });
  const pressed = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((Math.min(at, entries.length - 1) + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (settled) go(chosen);
      else setEntered(true);
    }
  };
  return (
    <Dialog.Root open onOpenChange={close}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog palette">
          <Dialog.Title className="visually-hidden">{text.title}</Dialog.Title>
          <input
            type="text"
            role="combobox"
            aria-label={text.label}
            aria-expanded="true"
            aria-controls={list}
            aria-activedescendant={chosen ? `${list}-${entries.indexOf(chosen)}` : undefined}
            aria-autocomplete="list"
            autoComplete="off"
            spellCheck={false}
            placeholder={text.label}
            value={typed}
            onFocus={() => {
              const { text: before, entered: enter } = takeEarly();
              if (before) setTyped((now) => now + before);
              if (enter) setEntered(true);
            }}
            onChange={(event) => {
              setTyped(event.target.value);
              setAt(0);
            }}
            onKeyDown={pressed}
          />
          <div role="listbox" id={list} aria-label={text.found} aria-busy={found.isFetching || undefined}>
            {entries.map((entry, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
              <div
                role="option"
                tabIndex={-1}
                key={entry.href}
                id={`${list}-${index}`}
                aria-selected={entry === chosen}
                onClick={() => go(entry)}
                ref={entry === chosen ? scrollTo : undefined}
              >
                <b>{entry.name}</b>
                <span className="quiet">{entry.about}</span>
              </div>
            ))}
          </div>
          <p className="quiet" role="status">
            {found.error ? reasonOf(found.error) : found.isFetching ? text.looking : text.count(entries.length)}
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function scrollTo(element: HTMLElement | null): void {
  element?.scrollIntoView?.({ block: "nearest" });
}

/** Views by any part of their name; models by its beginning, asked once the person stops typing for a moment. */
function useEntries(typed: string) {
  const { reads } = useApp();
  const wanted = useSettled(typed.trim());
  const found = useQuery({ ...reads.find(wanted), placeholderData: keepPreviousData });
  const places = PLACES.filter(([, name]) => name.toLowerCase().includes(typed.trim().toLowerCase())).map(
    ([place, name]): Entry => ({ href: `#${place}`, name, about: text.view }),
  );
  const models = (found.data?.models ?? []).map(
    (model): Entry => ({
      href: address(["models", model.id]),
      name: model.name,
      about: [model.owner ?? text.noOwner, cloud(model.cloud)].join(" · "),
    }),
  );
  const settled = wanted === typed.trim() && !found.isFetching;
  return { entries: typed.trim() ? [...models, ...places] : [...places, ...models], found, settled };
}
