import { Fragment, type ReactNode } from "react";

/** A machine's name that may break after an underscore, not within a word. */
export function Breakable({ name }: { name: string }): ReactNode {
  return name.split(/(?<=_)/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name keep their order
    <Fragment key={index}>
      {index ? <wbr /> : null}
      {part}
    </Fragment>
  ));
}
