/** The frame around every view: navigation, keyboard help, the palette of Ctrl K. */

export const shell = {
  skip: "Skip to the content",
  main: "Main",
  today: "Today",
  models: "Models",
  alerts: "Alerts",
  compliance: "Compliance",
  registers: "Registers",
  reports: "Reports",
  audit: "Audit",
  settings: "Settings",
  find: "Find",
  findKeys: "Ctrl K",
  keys: "Keyboard",
  theme: (name: string): string => `Theme: ${name}`,
  themeIs: "Theme: ",
  themes: { system: "Auto", light: "Light", dark: "Dark" },
  signOut: "Sign out",
  groups: (names: readonly string[]): string => (names.length ? `Groups: ${names.join(", ")}` : "In no group"),
  zone: (name: string): string =>
    `Windows of days, weeks and months are in UTC. Other times are in your time zone (${name}), with UTC on hover.`,
  outage: "The API does not answer. What is shown may be old, and nothing can be changed until it answers again.",
  missing: "There is no such page",
  toToday: "Go to Today",
  failed: "This page failed",
  broke:
    "A part of it could not be fetched, or not show what the API answered. Nothing was changed. Reload the page: there may be a newer one. What you were writing stays.",
  reload: "Reload the page",
  cannotStart: "Syndic cannot start",
} as const;

export const help = {
  title: "Keyboard",
  keys: [
    ["Ctrl K", "find a model or a view"],
    ["/", "the same"],
    ["g t", "Today"],
    ["g m", "Models"],
    ["g a", "Alerts"],
    ["g c", "Compliance"],
    ["g e", "Registers"],
    ["g r", "Reports"],
    ["g l", "Audit"],
    ["g s", "Settings"],
    ["j k", "next and previous alert, in the list of alerts"],
    ["e", "acknowledge the alert that has the focus"],
    ["?", "this help"],
    ["Esc", "close what is open"],
  ],
} as const;

export const palette = {
  title: "Find a model or a view",
  label: "Beginning of a model's name, or a view",
  found: "Found",
  view: "view",
  noOwner: "no owner",
  looking: "Looking …",
  count: (found: number): string =>
    found === 1 ? "1 found. Enter opens it." : `${found} found. Enter opens the chosen one.`,
} as const;
