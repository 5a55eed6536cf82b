import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { DriftHistory } from "../../src/api/types";
import { body, CREDIT, open, settled, violations } from "./open";

const HISTORY = `GET /models/${CREDIT}/drift/history?limit=24`;
const OLDER = `GET /models/${CREDIT}/drift/history?limit=100&token=older.day.`;
const DAY = { start: "2026-03-01T00:00:00Z", end: "2026-03-02T00:00:00Z" };

describe("windows whose results are gone", () => {
  it("are shown by days when that is opened, and it is said from when on", async () => {
    const history = body<DriftHistory>(HISTORY);
    const column = Object.keys(history.points.at(-1)?.columns ?? {}).sort()[0] as string;
    const period = {
      level: "day",
      period: DAY,
      first: DAY,
      last: DAY,
      windows: 24,
      rows: 2400,
      verdicts: { drift: 3, no_drift: 21 },
      severity: "high",
      series: { [column]: { flagged: 3, measures: { psi: { n: 24, total: 6, least: 0.1, most: 0.5 } } } },
    };
    const note = "before 2026-05-25 the reports of hourly windows are gone: days are shown in their place";
    const answers = {
      [OLDER]: { status: 200, body: { ...history, points: [], episodes: [], older: { periods: [period], note } } },
    };
    const opened = open(`#/models/${CREDIT}?section=drift&feature=${column}`, { answers });
    await settled();
    expect(opened.sent.map(({ call }) => call)).not.toContain(OLDER);
    const details = screen.getByText(`Earlier, by days and months: PSI of ${column}`, { selector: "summary" });
    await opened.user.click(details);
    const table = await screen.findByRole("table", { name: /^Earlier, by days and months: PSI of/ });
    const row = within(table).getByRole("row", { name: /2026/ });
    expect(row.textContent).toContain("243 of 24");
    expect(row.textContent).toMatch(/0\.25.*0\.1.* to 0\.5/);
    expect(screen.getByText(`${note}.`)).toBeDefined();
    expect(await violations()).toEqual([]);
  });
});
