/** What can be done about a model's checks: make them, set what they are judged by and compared with. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ModelPage } from "../../api/types";
import { useApp, useMay } from "../../app";
import { setting } from "../../format";
import { Action, Coming } from "../../forms/action";
import { ChoiceField, NumberField, TextField } from "../../forms/fields";
import { Now } from "../../forms/now";
import { strings } from "../../strings";
import { batchJobs } from "../../strings/batch_jobs";

const text = strings.model;

interface Given {
  readonly page: ModelPage;
}

const CHECK_PATH = "/api/v1/models/{model_id}/checks";
const CHECK = `POST ${CHECK_PATH}` as const;

/** All checks that can be made, at once; what has not changed is not judged again. */
export function CheckNow({ page: { model } }: Given): ReactNode {
  const { api } = useApp();
  return (
    <Now
      route={CHECK}
      label={text.check}
      told={text.checked}
      touches={[["model", model.id]]}
      send={(_, headers) =>
        api.POST(CHECK_PATH, { params: { path: { model_id: model.id } }, body: { force: false } as never, headers })
      }
    />
  );
}

export function ChooseChecks({ page: { model } }: Given): ReactNode {
  const { api } = useApp();
  return (
    <Action
      route={CHECK}
      label={text.checkSome}
      about={text.checkAbout}
      told={text.checked}
      touches={[["model", model.id]]}
      send={({ checks, force }, headers) =>
        api.POST(CHECK_PATH, {
          params: { path: { model_id: model.id } },
          body: { force: force === "yes", ...(checks ? { checks: [checks as "drift"] } : {}) } as never,
          headers,
        })
      }
    >
      <ChoiceField
        name="checks"
        label={text.checks}
        required
        value=""
        options={[
          ["", text.checksAll],
          ["drift", text.drift],
          ["quality", text.quality],
          ["bias", text.bias],
        ]}
      />
      <ChoiceField
        name="force"
        label={text.force}
        required
        value="no"
        options={[
          ["no", text.no],
          ["yes", text.yes],
        ]}
      />
    </Action>
  );
}

/** Of a policy that is in force because nobody set another. */
const NOBODY_S = 0;

export function SetThreshold({ page: { model } }: Given): ReactNode {
  const { api, reads } = useApp();
  const route = "PUT /api/v1/models/{model_id}/drift/policy";
  const policy = useQuery({ ...reads.model(model.id).driftPolicy(), enabled: useMay()(route) });
  const now = policy.data?.value;
  if (!now) return policy.error ? null : <Coming route={route} label={text.threshold} />;
  return (
    <Action
      route={route}
      label={text.threshold}
      about={text.thresholdAbout}
      etag={policy.data?.etag}
      told={({ psi_threshold = "" }) => text.thresholdSet(psi_threshold)}
      touches={[["model", model.id]]}
      send={({ psi_threshold, min_samples }, headers) => {
        const { version = 1, changed_at, changed_by, ...rest } = now;
        return api.PUT("/api/v1/models/{model_id}/drift/policy", {
          params: { path: { model_id: model.id }, query: { expect_version: changed_at ? version : NOBODY_S } },
          body: { ...rest, psi_threshold: Number(psi_threshold), min_samples: Number(min_samples) } as never,
          headers,
        });
      }}
    >
      <NumberField
        name="psi_threshold"
        label={text.psi}
        hint={text.psiHint}
        required
        min={0}
        value={now.psi_threshold == null ? "" : setting(now.psi_threshold)}
      />
      <NumberField
        name="min_samples"
        label={text.samples}
        required
        min={1}
        step={1}
        value={String(now.min_samples ?? 100)}
      />
    </Action>
  );
}

export function SetFairnessThreshold({ page }: Given): ReactNode {
  const { api } = useApp();
  const { model } = page;
  // A model whose fairness was never examined may have no policy to change.
  if (page.checks.bias === null) return null;
  return (
    <Action
      route="POST /api/v1/models/{model_id}/bias/thresholds"
      label={text.fairnessThreshold}
      about={text.fairnessAbout}
      told={({ disparate_impact = "" }) => text.fairnessSet(disparate_impact)}
      touches={[["model", model.id]]}
      send={({ disparate_impact }, headers) =>
        api.POST("/api/v1/models/{model_id}/bias/thresholds", {
          params: { path: { model_id: model.id } },
          body: { thresholds: { disparate_impact: Number(disparate_impact) } },
          headers,
        })
      }
    >
      <NumberField
        name="disparate_impact"
        label={text.ratio}
        hint={text.ratioHint}
        required
        min={0}
        max={1}
        value="0.8"
      />
    </Action>
  );
}

export function SetBaseline({ page: { model } }: Given): ReactNode {
  const { api } = useApp();
  const jobs = model.window === "job";
  return (
    <Action
      route="POST /api/v1/models/{model_id}/drift/baseline"
      label={text.baseline}
      about={text.baselineAbout}
      told={text.baselineSet}
      touches={[["model", model.id]]}
      send={({ uri, job, start, end }, headers) =>
        api.POST("/api/v1/models/{model_id}/drift/baseline", {
          params: { path: { model_id: model.id } },
          body: (uri
            ? { uri }
            : jobs
              ? { job }
              : { window: { start: `${start}T00:00:00Z`, end: dayAfter(end ?? "") } }) as never,
          headers,
        })
      }
    >
      <TextField name="uri" label={text.baselineUri} hint={jobs ? batchJobs.uriHint : text.baselineUriHint} />
      {jobs ? (
        <TextField name="job" label={batchJobs.job} />
      ) : (
        <>
          <TextField name="start" label={text.baselineStart} type="date" />
          <TextField name="end" label={text.baselineEnd} type="date" />
        </>
      )}
    </Action>
  );
}

/** Windows end where the next begins. */
export function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(next.getTime())) return day;
  next.setUTCDate(next.getUTCDate() + 1);
  return `${next.toISOString().slice(0, 10)}T00:00:00Z`;
}
