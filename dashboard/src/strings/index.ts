/** Every text of the page that does not come from the API, by the view it stands in: one file a view, for whoever translates.
 *
 * What is gathered here comes with the first load. A view that is a chunk of its own imports its own file instead. */

import { alerts } from "./alerting";
import { api } from "./api";
import { audit } from "./audit";
import { compliance } from "./compliance";
import { forms, panel } from "./forms";
import { login } from "./login";
import { model } from "./model";
import { models } from "./registry";
import { reports } from "./reports";
import { people, settings } from "./settings";
import { help, palette, shell } from "./shell";
import { desk } from "./today";
import { versions } from "./versions";

export const strings = {
  unexpected: "Something unexpected happened.",
  again: "Try again",
  cancel: "Cancel",
  close: "Close",
  none: "none",
  more: "Show more",
  api,
  shell,
  help,
  palette,
  alerts,
  desk,
  models,
  model,
  versions,
  compliance,
  reports,
  audit,
  people,
  settings,
  forms,
  login,
  panel,
} as const;
