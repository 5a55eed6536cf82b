/** Models, chosen by their name: nobody knows their ids by heart. */

import { Field } from "@base-ui/react/field";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { useApp } from "../app";
import { reasonOf } from "../components/panel";
import { forms as text } from "../strings/forms";
import { cloud } from "../words";
import { DraftContext } from "./draft";
import { Framed } from "./fields";
import { useSettled } from "./settled";

interface ModelsProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** Ids of those that are on record. */
  readonly value?: readonly string[];
}

/** The field holds ids, one a line. */
export function ModelsField({ name, label, hint, value = [] }: ModelsProps): ReactNode {
  const before = useContext(DraftContext)[name];
  const [ids, setIds] = useState<readonly string[]>(() => before?.split(/\s+/).filter(Boolean) ?? value);
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const [typed, setTyped] = useState("");
  const { reads } = useApp();
  const found = useQuery({ ...reads.find(useSettled(typed.trim())), placeholderData: keepPreviousData });
  const offered = (found.data?.models ?? []).filter((one) => !ids.includes(one.id));
  const called = (id: string): string => names[id] ?? found.data?.models.find((one) => one.id === id)?.name ?? id;
  const held = useRef<HTMLTextAreaElement>(null);
  const begun = useRef(ids);
  useEffect(() => {
    // The draft is kept when something is typed; nothing is typed into a field that is not seen.
    if (ids !== begun.current) held.current?.dispatchEvent(new Event("input", { bubbles: true }));
  }, [ids]);
  return (
    <Framed name={name} label={label} {...(hint ? { hint } : {})}>
      <Field.Control value={ids.join("\n")} render={<textarea hidden readOnly ref={held} />} />
      {ids.length ? (
        <ul className="chosen-models" aria-label={text.chosenModels}>
          {ids.map((id) => (
            <li key={id}>
              {called(id)}
              <button
                type="button"
                aria-label={text.without(called(id))}
                onClick={() => setIds(ids.filter((one) => one !== id))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <input
        type="search"
        aria-label={text.findModel(label)}
        placeholder={text.nameOfModel}
        value={typed}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.preventDefault();
        }}
      />
      <ul className="offered-models" aria-label={text.offeredModels} aria-busy={found.isFetching || undefined}>
        {offered.slice(0, 6).map((model) => (
          <li key={model.id}>
            <button
              type="button"
              onClick={() => {
                setNames({ ...names, [model.id]: model.name });
                setIds([...ids, model.id]);
                setTyped("");
              }}
            >
              <b>{model.name}</b> <span className="quiet">{`${cloud(model.cloud)} · ${model.id}`}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.error || (found.data && !found.isFetching && offered.length === 0 && typed.trim()) ? (
        <p className="quiet" role="status">
          {found.error ? reasonOf(found.error) : text.noSuchModel}
        </p>
      ) : null}
    </Framed>
  );
}
