/** The hash of a document, given or computed here: the document itself does not leave the device. */

import { Field } from "@base-ui/react/field";
import { type ReactNode, useContext, useState } from "react";
import { DraftContext } from "../../forms/draft";
import { FieldErrors } from "../../forms/fields";
import { strings } from "../../strings";
import { kept as text } from "../../strings/kept";

interface FileHashProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly required?: boolean;
}

export function FileHash({ name, label, hint, required = true }: FileHashProps): ReactNode {
  const [hash, setHash] = useState(useContext(DraftContext)[name] ?? "");
  const [unread, setUnread] = useState(false);
  const wrong = useContext(FieldErrors)[name];
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setUnread(false);
    try {
      setHash(await sha256(file));
    } catch {
      setUnread(true); // moved, or too large for this device: the hash can still be typed
    }
  };
  return (
    <Field.Root name={name} className="field">
      <Field.Label>
        {label}
        {required ? null : <small className="quiet">{` ${strings.forms.optional}`}</small>}
      </Field.Label>
      <Field.Description className="quiet">{hint}</Field.Description>
      <Field.Control required={required} autoComplete="off" value={hash} onValueChange={setHash} />
      <input
        type="file"
        aria-label={text.computeOf(label)}
        onChange={(event) => void choose(event.currentTarget.files?.[0])}
      />
      {unread ? <p className="wrong">{text.unread}</p> : null}
      {wrong ? (
        <Field.Error className="wrong" match>
          {wrong}
        </Field.Error>
      ) : (
        <Field.Error className="wrong" match="valueMissing">
          {strings.forms.required}
        </Field.Error>
      )}
    </Field.Root>
  );
}

async function sha256(file: File): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
