/** A vendor for the register. */

import type { ReactNode } from "react";
import { useApp } from "../../../app";
import { Action } from "../../../forms/action";
import { vendors as text } from "../../../strings/vendors";
import { toField } from "../filled";
import { toEntry } from "../opened";
import { TOUCHED } from "../register";
import { newVendor, VendorFields } from "./fields";

export function AddVendor(): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route="POST /api/v1/vendors"
      label={text.add}
      about={text.addAbout}
      tone="primary"
      otherwise="explain"
      told={({ name = "" }) => text.added(name)}
      touches={TOUCHED}
      done={toEntry("vendors")}
      place={toField}
      send={(values, headers) => api.POST("/api/v1/vendors", { body: newVendor(values), headers })}
    >
      <VendorFields />
    </Action>
  );
}
