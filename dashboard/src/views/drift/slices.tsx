/** In which rows the change concentrates, where that was looked for. */

import type { ReactNode } from "react";
import type { DriftReport, Slices as Found } from "../../api/types";
import { counts, interval, measure, percent } from "../../format";
import { drift as text } from "../../strings/drift";

const COMMAND = "syndic drift --baseline before.csv --current now.csv --slices";

export function Slices({ report }: { report: DriftReport }): ReactNode {
  const { slices, error_slices: errors } = report;
  if (!slices && !errors) {
    return report.verdict === "drift" ? (
      <div className="stack">
        <h3>{text.where}</h3>
        <p className="quiet">
          {text.notLooked} <code>{COMMAND}</code>
        </p>
      </div>
    ) : null;
  }
  return (
    <>
      {slices ? <Table title={text.where} found={slices} /> : null}
      {errors ? <Table title={text.whereError} found={errors} /> : null}
    </>
  );
}

function Table({ title, found }: { title: string; found: Found }): ReactNode {
  const slices = found.slices ?? [];
  return (
    <div className="stack">
      <h3>{title}</h3>
      {slices.length === 0 ? <p className="quiet">{text.noSlices(counts(found.looked_at, "slice"))}</p> : null}
      {slices.length === 0 ? null : (
        <table className="cards">
          <caption className="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{text.slice}</th>
              <th scope="col">{text.column}</th>
              <th scope="col" className="number">
                {text.inside}
              </th>
              <th scope="col" className="number">
                {text.outside}
              </th>
              <th scope="col">{text.difference}</th>
            </tr>
          </thead>
          <tbody>
            {slices.map((one) => (
              <tr key={`${one.target} ${one.what} ${one.conditions.join()}`}>
                <th scope="row">
                  {one.conditions.join(" · ")}
                  <span className="reason">{text.sliceRows(counts(one.rows, "row"), percent(one.share))}</span>
                </th>
                <td data-label={text.column}>
                  <span>{text.of(one.target, one.what)}</span>
                </td>
                <td className="number" data-label={text.inside}>
                  {measure(one.inside)}
                </td>
                <td className="number" data-label={text.outside}>
                  {measure(one.outside)}
                </td>
                <td data-label={text.difference}>{interval({ value: one.effect, low: one.low, high: one.high })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
