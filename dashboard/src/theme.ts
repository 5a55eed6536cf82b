/** Light, dark, or as the system says. Kept on this device only. */

export type Theme = "system" | "light" | "dark";
const KEY = "syndic.theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];

export function currentTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return ORDER.find((theme) => theme === stored) ?? "system";
}

export function applyTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", theme);
}

export function nextTheme(theme: Theme): Theme {
  return ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? "system";
}
