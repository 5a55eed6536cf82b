import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { wishOf } from "../../src/views/registers/erasures/plan";
import { body, changes, dialog, open, settled, violations } from "./open";

const LIST = "GET /erasures?limit=50";
interface Found {
  erasures: { id: string; plan_sha256: string }[];
  may_apply: boolean;
}
const [planned] = body<Found>(LIST).erasures as [Found["erasures"][number]];
const ONE = `#/registers/erasures/${planned.id}`;

describe("erasures", () => {
  it("are listed with what each would take, and planned by those who may", async () => {
    const opened = open("#/registers/erasures", {
      groups: ["data_protection_officer"],
      answers: { "POST /erasures": { status: 201, body: planned } },
    });
    await settled();
    const row = await screen.findByRole("row", { name: /^car-loan-d12ba7: what is older than/ });
    expect(row.textContent).toContain("planned, nothing done");
    expect(row.textContent).toContain("20,003 rows in 1,508 objects");
    await opened.user.click(screen.getByRole("button", { name: "Plan an erasure" }));
    const form = within(dialog());
    await opened.user.type(form.getByLabelText("Id of the model"), "car-loan-d12ba7");
    await opened.user.type(form.getByLabelText(/^Identifiers of persons/), "k-7{enter}{enter} k-8 ");
    await opened.user.type(form.getByLabelText("Reason"), "asked by the person");
    expect(await violations()).toEqual([]);
    await opened.user.click(form.getByRole("button", { name: "Plan an erasure" }));
    await screen.findByText("The erasure is being planned.");
    expect(changes(opened).map(({ call, body: sent }) => [call, sent])).toEqual([
      ["POST /erasures", { model_id: "car-loan-d12ba7", reason: "asked by the person", identifiers: ["k-7", "k-8"] }],
    ]);
  });

  it("are done by exactly the plan that was looked at", async () => {
    const call = `POST /erasures/${planned.id}/apply`;
    const opened = open(ONE, { groups: ["admin"], answers: { [call]: { status: 200, body: planned } } });
    await settled();
    await screen.findByText(planned.plan_sha256);
    expect(screen.getByText(/keep logs at least so long/)).toBeDefined();
    expect(opened.sent.some((one) => one.call.includes("/objects"))).toBe(false);
    await opened.user.click(screen.getByRole("button", { name: "Show the objects" }));
    expect((await screen.findAllByText("the whole object")).length).toBe(50);
    await opened.user.click(screen.getByRole("button", { name: "Erase" }));
    expect(within(dialog()).getByRole("heading").textContent).toBe("Erase 20,003 rows");
    await opened.user.click(within(dialog()).getByRole("button", { name: "Erase" }));
    await screen.findByText("The plan is being carried out.");
    expect(changes(opened).map((one) => [one.call, one.body])).toEqual([[call, { plan_sha256: planned.plan_sha256 }]]);
    expect(await violations()).toEqual([]);
  });

  it("are not offered where the deployment or the role may not", async () => {
    const list = { ...body<Found>(LIST), may_apply: false };
    open(ONE, { groups: ["admin"], answers: { [LIST]: { status: 200, body: list } } });
    await settled();
    await screen.findByText(/may plan but not erase/);
    expect(screen.queryByRole("button", { name: "Erase" })).toBeNull();
  });

  it("say to others who may", async () => {
    open(ONE, { groups: ["auditor"] });
    await settled();
    expect((await screen.findByRole<HTMLButtonElement>("button", { name: "Erase" })).disabled).toBe(true);
    expect(screen.getByText(/administrators or data protection officers/)).toBeDefined();
  });
});

describe("the wish", () => {
  it("leaves out what was left empty", () => {
    expect(
      wishOf({ model_id: "m", reason: "too old by now", identifiers: " \n", older_than_days: "30", column: "" }),
    ).toEqual({ model_id: "m", reason: "too old by now", older_than_days: 30 });
  });
});
