import { describe, expect, it } from "vitest";
import type { Standing } from "../../src/api/types";
import { heard } from "../../src/components/mirrored";

const NOW = Date.parse("2026-03-11T06:00:00Z");

function row(mirroredAt: string | null): Pick<Standing, "model" | "mirroredAt"> {
  return { model: { cloud: "azure" } as Standing["model"], mirroredAt };
}

describe("the age of what is known of a mirrored model", () => {
  it("is not said of a model that runs where this is read", () => {
    expect(heard(row(null), NOW)).toBeNull();
  });

  it("is said quietly while the clouds meet", () => {
    expect(heard(row("2026-03-11T05:55:00Z"), NOW)).toBe("from Azure, 5 minutes ago");
  });

  it("is said plainly when they do not", () => {
    expect(heard(row("2026-03-04T06:00:00Z"), NOW)).toBe("not heard from Azure for 7 days");
    expect(heard(row("2026-03-11T05:00:00Z"), NOW)).toBe("not heard from Azure for 1 hour");
  });
});
