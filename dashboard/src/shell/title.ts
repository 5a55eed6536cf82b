import { useEffect } from "react";

/** The title of the window while a view is open. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Syndic`;
  }, [title]);
}
