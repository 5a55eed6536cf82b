/** The regulator's file: ask for it, watch it being made, take it, and prove by its hash that it is the same. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { answer } from "../../api/client";
import type { ReportJob } from "../../api/types";
import { useApp } from "../../app";
import { Heads } from "../../components/heads";
import { Empty, OnlyFirst, Panel, reasonOf } from "../../components/panel";
import { StateBadge } from "../../components/state";
import { Since } from "../../components/time";
import { bytes, list, percent } from "../../format";
import { Action } from "../../forms/action";
import { ChoiceField, TextField } from "../../forms/fields";
import { useChoices } from "../../router";
import { useTitle } from "../../shell/title";
import { useTell } from "../../shell/told";
import { strings } from "../../strings";
import { frameworkName } from "../../words";
import { Preview, previewOf } from "./preview";

const text = strings.reports;
/** A model card is asked for at its version, which knows what goes into it. */
const ASKED_HERE = Object.entries(text.kinds).filter(([kind]) => kind !== "model_card");

export function Reports(): ReactNode {
  const { reads } = useApp();
  useTitle(text.title);
  // Read often only while one is being made.
  const last = useQuery(reads.reports(false));
  const making = (last.data?.all ?? []).some(({ state }) => state === "queued" || state === "running");
  const reports = useQuery(reads.reports(making));
  // One that was asked for elsewhere, such as the card of a version, stands in the address until it is taken.
  const [query, choose] = useChoices();
  const [awaited, setAwaited] = useState<string | null>(query["take"] ?? null);
  useTaking(awaited, reports.data?.all ?? [], () => {
    setAwaited(null);
    if (query["take"]) choose({ take: null });
  });
  return (
    <>
      <div className="lead card-head">
        <h1>{text.title}</h1>
        <AskReport asked={(job) => setAwaited(job.id)} />
      </div>
      <section className="card" aria-labelledby="title-reports">
        <h2 id="title-reports">{text.list}</h2>
        <Panel what="the reports" of={reports} lines={5}>
          {(found) =>
            found.all.length === 0 ? (
              <Empty what={text.none} />
            ) : (
              <>
                <Jobs jobs={found.all} />
                <OnlyFirst of={found} />
              </>
            )
          }
        </Panel>
        <p className="quiet">{text.linkHint}</p>
      </section>
    </>
  );
}

/** The file that one asked for in this view is taken as soon as it is there. */
function useTaking(awaited: string | null, jobs: readonly ReportJob[], done: () => void): void {
  const take = useTake();
  const state = jobs.find((job) => job.id === awaited)?.state;
  const ended = state === "done" || state === "failed";
  const latest = useRef({ take, done });
  latest.current = { take, done };
  useEffect(() => {
    if (awaited === null || !ended) return;
    if (state === "done") void latest.current.take(awaited);
    latest.current.done();
  }, [awaited, ended, state]);
}

interface AskProps {
  readonly asked: (job: ReportJob) => void;
}

function AskReport({ asked }: AskProps): ReactNode {
  const { api, reads } = useApp();
  const frameworks = useQuery(reads.frameworks());
  const standings = useQuery(reads.overview());
  const active = [
    ...new Set((frameworks.data ?? []).filter((one) => one.state === "active").map((one) => one.framework_id)),
  ];
  const models = (standings.data?.rows ?? []).map((row) => row.model);
  return (
    <Action
      route="POST /api/v1/compliance/reports"
      label={text.ask}
      about={text.askAbout}
      tone="primary"
      otherwise="explain"
      told={text.asked}
      touches={[["reports"]]}
      send={(values, headers) =>
        answer(api.POST("/api/v1/compliance/reports", { body: requestOf(values) as never, headers }))
      }
      done={(job) => asked(job as ReportJob)}
      trial={{ label: text.preview, run: async (values) => <Preview of={await answer(previewOf(api, values))} /> }}
      place={(where) => (where.startsWith("query.") ? where.slice("query.".length) : where.replace(/^body\./, ""))}
    >
      <ChoiceField
        name="model"
        label={text.model}
        required={false}
        value=""
        options={[["", text.allModels], ...models.map((one) => [one.id, one.name] as const)]}
      />
      <ChoiceField
        name="framework"
        label={text.law}
        value=""
        options={[["", text.allLaws], ...active.map((id) => [id, frameworkName(id)] as const)]}
      />
      <ChoiceField name="kind" label={text.kind} required value="compliance" options={ASKED_HERE} />
      <ChoiceField
        name="format"
        label={text.format}
        hint={text.formatHint}
        required
        value="pdf"
        options={Object.entries(text.formats)}
      />
      <TextField name="start_date" label={text.from} type="date" hint={text.periodHint} />
      <TextField name="end_date" label={text.until} type="date" />
    </Action>
  );
}

/** What is left open is left out: the API then takes everything. */
export function requestOf(values: Readonly<Record<string, string>>): Record<string, unknown> {
  return {
    kind: values["kind"],
    format: values["format"],
    ...(values["model"] ? { model_ids: [values["model"]] } : {}),
    ...(values["framework"] ? { framework: values["framework"] } : {}),
    ...(values["start_date"] ? { start_date: values["start_date"] } : {}),
    ...(values["end_date"] ? { end_date: values["end_date"] } : {}),
  };
}

function Jobs({ jobs }: { jobs: readonly ReportJob[] }): ReactNode {
  return (
    <table className="cards">
      <Heads names={[text.kind, text.state, text.by, text.hash]} actions />
      <tbody>
        {jobs.map((job) => (
          <Job key={job.id} job={job} />
        ))}
      </tbody>
    </table>
  );
}

function Job({ job }: { job: ReportJob }): ReactNode {
  const { kind = "compliance", format = "pdf", model_ids = [], frameworks = [] } = job.request;
  const state = job.state ?? "queued";
  return (
    <tr>
      <th scope="row">
        {`${text.kinds[kind] ?? kind}, ${text.formats[format] ?? format}`}
        <span className="reason">
          {[list(model_ids) || text.allModels, list(frameworks.map(frameworkName)) || text.allLaws].join(" · ")}
        </span>
      </th>
      <td data-label={text.state}>
        <div>
          <StateBadge name={state} />
          {state === "running" ? (
            <>
              <progress max={1} value={job.progress ?? 0} aria-label={text.state} />
              <span className="reason">{text.progress(percent(job.progress ?? 0, 0), job.step ?? "")}</span>
            </>
          ) : null}
          {job.error ? <span className="reason">{job.error}</span> : null}
        </div>
      </td>
      <td data-label={text.by}>
        <span>
          {job.requested_by}
          <span className="reason">
            <Since at={job.requested_at} />
          </span>
        </span>
      </td>
      <td data-label={text.hash}>{job.sha256 ? <Hash of={job.sha256} /> : <span className="quiet">–</span>}</td>
      <td>{state === "done" ? <Download job={job} /> : null}</td>
    </tr>
  );
}

function Hash({ of }: { of: string }): ReactNode {
  const tell = useTell();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(of);
    tell(text.copied);
  };
  return (
    <span>
      <code title={of}>{of.slice(0, 16)}…</code>{" "}
      <button type="button" className="plain" onClick={() => void copy()}>
        {text.copy}
      </button>
    </span>
  );
}

/** The link is good for minutes, so it is asked for when it is needed. */
function useTake(): (id: string) => Promise<void> {
  const { api } = useApp();
  const tell = useTell();
  return async (report_id) => {
    try {
      const { link } = await answer(
        api.GET("/api/v1/compliance/reports/{report_id}", { params: { path: { report_id } } }),
      );
      if (link && /^https?:\/\//i.test(link)) location.assign(link);
      else tell(text.noLink);
    } catch (error) {
      tell(reasonOf(error));
    }
  };
}

function Download({ job }: { job: ReportJob }): ReactNode {
  const take = useTake();
  const [busy, setBusy] = useState(false);
  const get = async (): Promise<void> => {
    setBusy(true);
    await take(job.id);
    setBusy(false);
  };
  return (
    <button type="button" disabled={busy} onClick={() => void get()}>
      {busy ? text.opening : text.download}
      {job.size ? <span className="quiet">{bytes(job.size)}</span> : null}
    </button>
  );
}
