import { describe, expect, it } from "vitest";
import { address, readQuery } from "../../src/router";

describe("addresses", () => {
  it("hold whatever a name holds", () => {
    const made = address(["models", "a/b ?#%"], { feature: "age & sex=1", outcome: "label" });
    expect(made).toBe("#/models/a%2Fb%20%3F%23%25?feature=age+%26+sex%3D1&outcome=label");
    expect(readQuery(made.split("?").slice(1).join("?"))).toEqual({ feature: "age & sex=1", outcome: "label" });
  });
  it("leave out what is not chosen", () => {
    expect(address(["alerts"], { state: null, model: "" })).toBe("#/alerts");
  });
});
