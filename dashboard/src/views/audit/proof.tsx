/** The proof of one entry, computed in the browser when somebody asks for it. */

import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { LoggedEntry } from "../../api/types";
import { useApp } from "../../app";
import { reasonOf, Waiting } from "../../components/panel";
import { Badge, Icon } from "../../components/state";
import { save } from "../../files";
import { count } from "../../format";
import { strings } from "../../strings";
import { hex, type Step, type Verified, verify } from "./verification";

const text = strings.audit;

export function Prove({ logged }: { logged: LoggedEntry }): ReactNode {
  return (
    <Dialog.Root>
      <Dialog.Trigger className="plain" aria-label={text.proveEntry(logged.index)}>
        {text.prove}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title>{text.proof(logged.index)}</Dialog.Title>
          <Dialog.Description>{text.proofAbout}</Dialog.Description>
          <Computed logged={logged} />
          <div className="actions">
            <Dialog.Close>{strings.close}</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Computed({ logged }: { logged: LoggedEntry }): ReactNode {
  const asked = useQuery(useApp().reads.proof(logged.index));
  const found = useQuery({
    queryKey: ["proof", logged.index, "verified", asked.data?.proof],
    queryFn: () => (asked.data ? verify(logged, asked.data.proof, asked.data.key) : null),
    enabled: asked.data !== undefined,
    refetchInterval: false,
  });
  const error = asked.error ?? found.error;
  if (error) {
    return (
      <div className="notice bad" role="alert">
        <p>
          <b>{text.notProven}</b>
          {reasonOf(error)}
        </p>
      </div>
    );
  }
  if (!found.data || !asked.data) return <Waiting what={text.proof(logged.index).toLowerCase()} lines={4} />;
  return <Outcome of={found.data} proof={asked.data.proof} />;
}

const STEPS: readonly Step[] = ["same", "content", "included", "signed"];

function verdict({ steps, proof }: Verified): { readonly tone: "good" | "bad" | "unsure"; readonly text: string } {
  const all = STEPS.map((step) => steps[step]);
  if (all.includes(false)) return { tone: "bad", text: text.disproven(proof.index) };
  if (all.includes(null)) return { tone: "unsure", text: text.partly(proof.index) };
  return { tone: "good", text: text.proven(proof.index, count(proof.size)) };
}

const WORDS = { true: text.holds, false: text.fails, null: text.untold } as const;

function Outcome({ of, proof }: { of: Verified; proof: string }): ReactNode {
  return (
    <div className="stack">
      <p role="status">
        <Badge word={verdict(of)} />
      </p>
      <ul className="checks">
        {STEPS.map((step) => {
          const holds = of.steps[step];
          return (
            <li key={step}>
              <Icon tone={holds === null ? "unsure" : holds ? "good" : "bad"} />
              <p>{text.steps[step]}</p>
              <b>{WORDS[`${holds}`]}</b>
            </li>
          );
        })}
      </ul>
      <LogKey of={of.key} />
      <p>
        {`${text.root}: `}
        <code>{hex(of.proof.root)}</code>
      </p>
      <div className="toolbar">
        <button type="button" onClick={() => save(`entry-${of.proof.index}.tlog-proof`, "text/plain", proof)}>
          {text.download}
        </button>
      </div>
    </div>
  );
}

const KEPT = "syndic.log-key";

/** A key that comes from where the proof comes from proves little; one that was kept before does. */
function LogKey({ of }: { of: string }): ReactNode {
  const [kept, setKept] = useState(() => localStorage.getItem(KEPT));
  const keep = (): void => {
    localStorage.setItem(KEPT, of);
    setKept(of);
  };
  const said = kept === null ? text.keyFirst : kept === of ? text.keyKept : text.keyOther;
  return (
    <div className={`notice ${kept === null ? "unsure" : kept === of ? "good" : "bad"}`}>
      <div className="stack tight">
        <p>
          {`${text.key}: `}
          <code>{of}</code>
        </p>
        <p>{said}</p>
        {kept === null ? (
          <div className="toolbar">
            <button type="button" onClick={keep}>
              {text.keepKey}
            </button>
          </div>
        ) : null}
      </div>
    </div>
  );
}
