/** The table of likelihood and impact: what each field means, and how many open risks are in it. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApp } from "../../../app";
import { Panel } from "../../../components/panel";
import { Icon } from "../../../components/state";
import { count } from "../../../format";
import { risks as text } from "../../../strings/risks";
import { word } from "../../../words";
import { countsOf } from "../register";
import { risks } from "./register";
import { IMPACTS, LIKELIHOODS, type RiskCounts } from "./types";

export function RiskTable(): ReactNode {
  const { api } = useApp();
  const counts = useQuery(countsOf(api, risks));
  return (
    <details>
      <summary>{text.table}</summary>
      <Panel what={text.table.toLowerCase()} of={counts} lines={5}>
        {(found) => <Table counts={found as RiskCounts} />}
      </Panel>
    </details>
  );
}

function Table({ counts }: { counts: RiskCounts }): ReactNode {
  return (
    <div className="stack">
      <p className="quiet">{text.tableAbout}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="scroll" role="region" aria-label={text.table} tabIndex={0}>
        <table className="risk-table">
          <thead>
            <tr>
              <th scope="col">{text.impact}</th>
              {LIKELIHOODS.map((one) => (
                <th scope="col" key={one}>
                  {text.likelihoods[one]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {IMPACTS.map((impact) => (
              <tr key={impact}>
                <th scope="row">{text.impacts[impact]}</th>
                {LIKELIHOODS.map((likelihood) => (
                  <Field key={likelihood} counts={counts} impact={impact} likelihood={likelihood} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {counts.unassessed ? <p>{text.unassessed(counts.unassessed)}</p> : null}
    </div>
  );
}

function Field({ counts, impact, likelihood }: { counts: RiskCounts; impact: string; likelihood: string }): ReactNode {
  const found = counts.residual.find((one) => one.impact === impact && one.likelihood === likelihood);
  if (!found) return <td />;
  return (
    <td>
      <Icon tone={word(found.rating).tone} /> {text.ratings[found.rating]}{" "}
      <b>{found.risks ? count(found.risks) : ""}</b>
    </td>
  );
}
