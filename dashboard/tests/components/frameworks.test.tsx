import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { changes, dialog, open, settled, violations } from "./open";

const own = {
  framework_id: "house_rules",
  version: "1",
  title: "House rules",
  state: "active",
  built_in: false,
  uploaded_by: "ada@example.org",
  uploaded_at: "2026-10-01T00:00:00Z",
  activated_by: "ada@example.org",
  activated_at: "2026-10-02T00:00:00Z",
  sha256: "0".repeat(64),
};
const shipped = { ...own, framework_id: "gdpr", title: "GDPR", built_in: true };
const lists = {
  "GET /compliance/frameworks": { status: 200, body: { frameworks: [own, shipped] } },
  "GET /compliance/frameworks/house_rules?version=1": { status: 200, body: { ...own, text: "id: house_rules" } },
};
const VALIDATE = "POST /compliance/frameworks/validate";
const wrong = { valid: false, problems: [{ line: 3, field: "requirements", problem: "Field required" }] };
const sound = {
  valid: true,
  title: "House rules",
  version: "2",
  requirements: 1,
  problems: [],
  trial: {
    models: 2,
    says: "would change 1 states of 1 models; 2 were looked at",
    changes: [{ model_id: "m", requirement_id: "H-1", before: "met", after: "not_met", reason: "no plan" }],
  },
};

describe("a framework of one's own", () => {
  it("is checked by line and field while it is written, then says what it would change, and is kept as a draft", async () => {
    let answers = 0;
    const opened = open("#/settings", {
      groups: ["admin"],
      answers: {
        ...lists,
        [VALIDATE]: () => {
          answers += 1;
          return { status: 200, body: answers === 1 ? wrong : sound };
        },
        "POST /compliance/frameworks": { status: 201, body: own },
      },
    });
    await settled();
    await opened.user.click(screen.getByRole("button", { name: "Add a framework" }));
    const form = within(dialog());
    const field = form.getByLabelText("YAML of the framework");
    await opened.user.type(field, "id: house");
    await form.findByText("Line 3, requirements:");
    expect(await violations()).toEqual([]);
    await opened.user.type(field, "_rules");
    await form.findByText("House rules 2 is sound: 1 requirement.");
    await opened.user.click(form.getByText("the change"));
    expect(form.getByText("m H-1: met → not met")).toBeDefined();
    await opened.user.click(form.getByRole("button", { name: "Keep as draft" }));
    await screen.findByText("The draft is kept. Try it before it is activated.");
    expect(changes(opened).map(({ call }) => call)).toEqual([VALIDATE, VALIDATE, "POST /compliance/frameworks"]);
  });

  it("is edited from its present text, and switched off with a reason; a shipped one is neither", async () => {
    const off = "POST /compliance/frameworks/house_rules/switch-off";
    const opened = open("#/settings", {
      groups: ["admin"],
      answers: { ...lists, [off]: { status: 200, body: own }, [VALIDATE]: { status: 200, body: sound } },
    });
    await settled();
    const row = within(await screen.findByRole("row", { name: /^House rules/ }));
    await opened.user.click(await row.findByRole("button", { name: "Edit" }));
    expect(within(dialog()).getByLabelText<HTMLTextAreaElement>("YAML of the framework").value).toBe("id: house_rules");
    await opened.user.click(within(dialog()).getByRole("button", { name: "Cancel" }));
    await opened.user.click(row.getByRole("button", { name: "Switch off" }));
    await opened.user.type(within(dialog()).getByLabelText("Why"), "Replaced by the group's");
    await opened.user.click(within(dialog()).getByRole("button", { name: "Switch off" }));
    await screen.findByText("House rules judges nobody any more.");
    expect(changes(opened).at(-1)?.body).toEqual({ reason: "Replaced by the group's" });
    expect(within(screen.getByRole("row", { name: /^GDPR/ })).queryByRole("button")).toBeNull();
  });
});
