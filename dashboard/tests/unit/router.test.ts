import { describe, expect, it } from "vitest";
import { address, parseRoute } from "../../src/router";

describe("addresses", () => {
  it("lead back to where they were made for", () => {
    const path = ["models", "a/b ?#%"];
    const query = { feature: "age & sex=1", outcome: "label" };
    expect(parseRoute(address(path, query))).toEqual({ path, query });
  });
  it("leave out what is not chosen", () => {
    expect(address(["alerts"], { state: null, model: "" })).toBe("#/alerts");
  });
  it("are the overview when empty", () => {
    for (const hash of ["", "#", "#/"]) expect(parseRoute(hash).path).toEqual([]);
  });
  it("survive a broken escape", () => {
    expect(parseRoute("#/models/100%").path).toEqual(["models", "100%"]);
  });
});
