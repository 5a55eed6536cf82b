import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

/** What browsers have and jsdom does not. Sizes are those of a window in which some rows fit. */
class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

// A view is read from the disk when it is first opened.
configure({ asyncUtilTimeout: 8_000 });

for (const [name, value] of [
  ["clientHeight", 600],
  ["clientWidth", 1_000],
] as const)
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, value });

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", Observer);
  window.scrollTo = () => undefined;
  localStorage.clear();
  sessionStorage.clear();
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
