/** Which keys do what. */

import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { strings } from "../strings";

export default function KeyboardHelp({ close }: { close: () => void }): ReactNode {
  return (
    <Dialog.Root open onOpenChange={close}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title>{strings.help.title}</Dialog.Title>
          <dl className="keys">
            {strings.help.keys.map(([keys, does]) => (
              <div key={keys}>
                <dt>
                  {keys.split(" ").map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <div className="actions">
            <Dialog.Close>{strings.close}</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
