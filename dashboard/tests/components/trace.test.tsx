import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { local, moment } from "../../src/forms/moment";
import { CREDIT, open, settled, violations } from "./open";

const AT = "2026-10-06T08:00:00.000Z";
const CALL = `GET /lineage/models/${CREDIT}/predictions/7f1c?at=${encodeURIComponent(AT)}`;
const FOUND = {
  approvals: [{ by: ["ann (admin)"], policy: "strict", request: "000001", target: "production" }],
  artefacts: [{ location: "s3://a", name: "report.json" }],
  gaps: ["the commit is not on record"],
  hyperparameters: { C: 1 },
  made_at: AT,
  metrics: { auc: 0.991 },
  model_id: CREDIT,
  model_name: "german-credit",
  predicted_at: AT,
  prediction_id: "7f1c",
  request_id: "7f1c",
  run_id: "run-1",
  training: { dataset_sha256: "a".repeat(64), features: 30, rows: 569 },
  version: "3",
};

describe("the trace of a prediction", () => {
  it("is reached from the model's page, and what is looked for is part of the address", async () => {
    const opened = open(`#/models/${CREDIT}`, { answers: { [CALL]: { status: 200, body: FOUND } } });
    await settled();
    await opened.user.click(screen.getByRole("link", { name: "Trace a prediction" }));
    await screen.findByRole("heading", { name: "Trace a prediction" });
    await opened.user.type(screen.getByLabelText(/^Request or row/), "7f1c");
    const time = screen.getByLabelText(/^When it was made/);
    await opened.user.clear(time);
    await opened.user.type(time, local(Date.parse(AT)));
    await opened.user.click(screen.getByRole("button", { name: "Trace" }));
    await screen.findByRole("heading", { name: "Answered by version 3" });
    expect(location.hash).toBe(`#/models/${CREDIT}/trace?prediction=7f1c&at=${encodeURIComponent(AT)}`);
    const page = document.querySelector("main")?.textContent ?? "";
    for (const said of [
      "a".repeat(64),
      "run-1",
      "production: ann (admin)",
      "0.991",
      "C 1",
      "the commit is not on record",
    ])
      expect(page).toContain(said);
    expect(await violations()).toEqual([]);
  });

  it("says where it was looked for when it is not there", async () => {
    const detail = "prediction '7f1c' is not in the 3 captured files of 07:00 to 10:00 UTC";
    open(`#/models/${CREDIT}/trace?prediction=7f1c&at=${AT}`, {
      answers: { [CALL]: { status: 404, body: { detail } } },
    });
    await screen.findByText(detail);
    expect(screen.getByText("It is not there.")).toBeDefined();
    expect(await violations()).toEqual([]);
  });

  it("asks nothing for a time that cannot be read", async () => {
    const opened = open(`#/models/${CREDIT}/trace?prediction=7f1c&at=yesterday`);
    await waitFor(() => expect(screen.getByLabelText(/^Request or row/)).toBeDefined());
    expect(opened.sent.filter(({ call }) => call.includes("/lineage/"))).toEqual([]);
    expect(moment("yesterday")).toBeNull();
    expect(moment(AT)).toBe(AT);
  });
});
