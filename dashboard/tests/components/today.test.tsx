import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { components } from "../../src/api/schema";
import { body, CREDIT, changes, dialog, open, settled, violations } from "./open";

type Waiting = components["schemas"]["WaitingRequests"];
const CALL = "GET /approvals?limit=50";

/** The recording is an auditor's, who has no vote; here the first request waits for one's own. */
function mine(): Waiting {
  const found = body<Waiting>(CALL);
  const requests = found.requests.map((one) =>
    one.request.model_id === CREDIT ? { ...one, vote_as: ["ml_engineer"] } : one,
  );
  return { ...found, requests };
}

describe("today", () => {
  it("lets one decide the approval that waits for one, in place, and only counts what waits for others", async () => {
    const vote = `POST /models/${CREDIT}/approvals/000001/votes`;
    const opened = open("#/", {
      groups: ["ml_engineer"],
      answers: { [CALL]: { status: 200, body: mine() }, [vote]: { status: 200, body: {} } },
    });
    await settled();
    const approvals = within(screen.getByRole("heading", { name: "Approvals" }).parentElement as HTMLElement);
    await approvals.findByText("1 more waits for other people");
    opened.answers = { ...opened.answers, [CALL]: { status: 200, body: { requests: [], next_token: null } } };
    await opened.user.click(approvals.getByRole("button", { name: "Approve or reject" }));
    const form = within(dialog());
    expect(form.getByRole("heading").textContent).toBe("Vote on german-credit 1.1.0 for production");
    expect(form.getByLabelText<HTMLSelectElement>("Decision").value).toBe("");
    await opened.user.selectOptions(form.getByLabelText("Decision"), "approve");
    await opened.user.type(form.getByLabelText("Comment"), "Looked at the gate");
    await opened.user.click(form.getByRole("button", { name: "Approve or reject" }));
    await screen.findByText("You approved.");
    expect(changes(opened).map(({ call, body: sent }) => [call, sent])).toEqual([
      [vote, { decision: "approve", role: "ml_engineer", comment: "Looked at the gate" }],
    ]);
    await approvals.findByText("No request for approval waits.");
    expect(await violations()).toEqual([]);
  });

  it("says that nothing waits for whoever has no vote", async () => {
    open("#/");
    await settled();
    await screen.findByText("No request waits for your vote.");
    expect(screen.getByText("2 more wait for other people")).toBeDefined();
  });
});
