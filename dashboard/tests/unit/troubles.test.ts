import { describe, expect, it } from "vitest";
import { windowKey } from "../../src/api/model_reads";
import type { Alert, Model } from "../../src/api/types";
import { parseWindowKey } from "../../src/format";
import { alertAddress, byUrgency, outcomeName } from "../../src/views/alerting/trouble";
import { headline as modelHeadline } from "../../src/views/model/header";
import { unchecked } from "../../src/views/model/unchecked";
import { headline } from "../../src/views/today/headline";
import recording from "../fixtures/demo.json?raw";

const recorded = JSON.parse(recording);
const alerts: Alert[] = recorded["GET /alerts?limit=100"].body.alerts;
const [first] = alerts;
if (!first) throw new Error("the recording has no alert");

function alert(change: Partial<Alert>): Alert {
  return { ...(first as Alert), ...change };
}

function model(endpoint: object): Model {
  return { cloud: "azure", window: "day", endpoint } as unknown as Model;
}

describe("troubles", () => {
  it("are one for each concern of a model, the finding to act on first", () => {
    const leads = [...alerts].sort(byUrgency).map((one) => [one.model_name, one.concern, one.subject]);
    expect(leads).toEqual([
      ["car-loan", "drift", "car_value"],
      ["german-credit", "bias", "prediction: age & sex = <=25 & female"],
    ]);
    for (const one of alerts) expect(one.members[0]?.subject_key).toBe(one.subject_key);
    expect(alerts.map((one) => one.findings)).toEqual(alerts.map((one) => one.members.length));
  });

  it("put what is open before what is acknowledged, whatever its severity", () => {
    const seen = alert({ id: "seen", state: "acknowledged", severity: "critical" });
    const open = alert({ id: "open", state: "open", severity: "low" });
    expect([seen, open].sort(byUrgency).map((one) => one.id)).toEqual(["open", "seen"]);
  });

  it("lead to the column or the outcome that they are about", () => {
    expect(alertAddress(alert({ model_id: "m", concern: "drift", subject: "a & b" }))).toBe(
      "#/models/m?section=drift&feature=a+%26+b",
    );
    expect(alertAddress(alert({ model_id: "m", concern: "bias", subject: "label: age = <=25" }))).toBe(
      "#/models/m?section=bias&outcome=label",
    );
  });
});

describe("the outcome of a fairness alert", () => {
  it("is named, since a label and a prediction ask for different things", () => {
    const of = (subject: string): string | null => outcomeName(alert({ concern: "bias", subject }));
    expect(of("label: age = <=25")).toBe("label (what turned out to be true)");
    expect(of("prediction: age = <=25")).toBe("prediction (what the model decided)");
    expect(outcomeName(alert({ concern: "drift", subject: "label" }))).toBeNull();
  });
});

describe("the headline", () => {
  type Read = Parameters<typeof headline>[0];
  const nothing = { drift: null, quality: null, bias: null };
  const checked = { checkedAt: "2026-10-06T06:16:00Z", checks: nothing, model: { id: "m" } };
  const never = { checkedAt: null, checks: nothing };
  const unsure = { ...checked, checks: { ...nothing, drift: { state: "not_enough_data", expired: false } } };
  const old = { ...checked, checks: { ...nothing, drift: { state: "no_drift", expired: true } } };
  const of = (rows: readonly object[], more = false): Read => ({ rows, more }) as unknown as Read;

  it("counts models, not findings", () => {
    expect(headline(of([checked, checked, checked]), alerts)).toBe("2 of 3 models need attention");
    expect(headline(of([checked, checked, checked]), [])).toBe("None of your 3 models needs attention now");
    expect(headline(of([checked, checked, never]), alerts)).toBe("2 of 3 models need attention; 1 not checked yet");
  });

  it("calls no entry of a register a model", () => {
    const entry = alert({ model_id: "incident-0d40b327993a6369" });
    expect(headline(of([checked]), [entry])).toBe("1 entry of the registers needs attention");
    expect(headline(of([checked, checked]), [...alerts, entry])).toBe(
      "2 of 2 models need attention; 1 entry of the registers too",
    );
    expect(headline(of([]), [entry])).toBe(
      "No model is under governance yet; 1 entry of the registers needs attention",
    );
  });

  it("never says that all is well of what could not be judged, is too old or was not read", () => {
    expect(headline(of([checked, unsure, old]), [])).toBe(
      "Nothing known needs attention; of 3 models 2 not judged in full",
    );
    expect(headline(of([checked, unsure, never]), [])).toBe(
      "Nothing known needs attention; of 3 models 1 not checked yet and 1 not judged in full",
    );
    expect(headline(of([checked, checked], true), [])).toBe(
      "None of the first 2 models needs attention now; there are more models",
    );
    expect(headline(of([checked, checked], true), alerts)).toBe("2 models need attention; there are more models");
    expect(modelHeadline([], checked.checkedAt, model({}), ["drift"])).toBe(
      "Nothing is known to be wrong, but drift could not be judged: the tabs say why.",
    );
  });

  it("never says that all is well when nothing was checked", () => {
    expect(headline(of([never, never]), [])).toBe("Your models have not been checked yet");
    const silent = model({ capture: { enabled: false } });
    expect(modelHeadline([], null, silent)).toBe(
      "This model has not been checked yet: its endpoint captures no traffic.",
    );
    expect(unchecked(silent).remedy).toContain("turn on data collection in its Azure ML deployment");
    expect(unchecked(model({ capture: { enabled: true } })).because).toBe(
      "no complete day of captured traffic was judged so far",
    );
    expect(unchecked({ ...silent, endpoint: null }).because).toBe("no endpoint is known that serves it");
  });

  it("of a model has the number, the threshold and the start", () => {
    const [worst] = [...alerts].sort(byUrgency);
    if (!worst) throw new Error("no alert");
    expect(modelHeadline([worst], "2026-10-06T06:16:00Z", model({}))).toBe(
      "car_value of car-loan no longer looks like its baseline (PSI 1.76, threshold 0.1). Since Apr 2019.",
    );
  });
});

describe("window keys", () => {
  it("go both ways", () => {
    const window = { start: "2019-04-01T00:00:00Z", end: "2019-05-01T00:00:00Z" };
    expect(windowKey(window)).toBe("20190401T000000Z-20190501T000000Z");
    expect(parseWindowKey(windowKey(window))).toEqual(window);
  });
  it("are told from other text", () => {
    for (const text of ["", "20190401", "20191301T000000Z-20191401T000000Z"]) expect(parseWindowKey(text)).toBeNull();
  });
});
