/** A system: what is missing, what risk the answers lead to, and what is judged of it without any traffic. */

import type { ReactNode } from "react";
import type { components } from "../../../api/schema";
import { Heads } from "../../../components/heads";
import { day, list } from "../../../format";
import { address } from "../../../router";
import { systems as text } from "../../../strings/systems";
import { Facts } from "../fields";
import { Missing } from "../pieces";
import type { BodyProps } from "../register";
import type { SystemKept } from "./register";

type Schemas = components["schemas"];

export function SystemBody({
  view: { entry, model, risk, missing = [], differences = [], evaluated },
}: BodyProps<SystemKept>): ReactNode {
  const [registered = ""] = entry.model_ids ?? [];
  const compliance = address(["models", registered], { section: "compliance" });
  return (
    <>
      <Missing of={missing.map((one) => [one])} complete={text.complete} />
      {differences.length ? (
        <div className="notice warn">
          <div>
            <p>
              <b>{text.differences}</b>
            </p>
            <ul>
              {differences.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        </div>
      ) : null}
      <Facts
        facts={[
          [
            text.registered,
            <a href={compliance} key="model">
              {registered}
            </a>,
          ],
          [text.origin, text.origins[entry.origin]],
          [text.purpose, model?.intended_purpose],
          [text.version, model?.version_in_use],
          [
            text.roles,
            list(
              (entry.roles ?? []).map((one) => text.roleNames[one]),
              5,
            ),
          ],
          [
            text.supplier,
            entry.vendor_id ? (
              <a key="vendor" href={address(["registers", "vendors", entry.vendor_id])}>
                {entry.supplier || entry.vendor_id}
              </a>
            ) : (
              entry.supplier
            ),
          ],
          [
            text.data,
            list(
              (entry.data_categories ?? []).map((one) => text.dataNames[one]),
              7,
            ),
          ],
          [text.countries, list(entry.countries ?? [], 12)],
          [
            text.lastReview,
            entry.reviewed_by && entry.reviewed_at ? `${day(entry.reviewed_at)}, ${entry.reviewed_by}` : null,
          ],
        ]}
      />
      <h3>{text.risk}</h3>
      {risk ? <Risk proposal={risk} decided={model?.risk?.level} /> : null}
      <h3>{text.judged}</h3>
      {evaluated ? <Judged of={evaluated} /> : null}
      <p>
        <a href={compliance}>{text.answerThere}</a>
      </p>
    </>
  );
}

interface RiskProps {
  readonly proposal: Schemas["RiskProposal"];
  readonly decided: Schemas["RiskLevel"] | undefined;
}

function Risk({ proposal, decided }: RiskProps): ReactNode {
  const open = [...(proposal.not_known ?? []), ...(proposal.contradictions ?? [])];
  return (
    <>
      <p>
        <b>{decided ? text.riskLevels[decided] : text.riskOpen}</b>
        {`. ${proposal.level ? text.proposed(text.riskLevels[proposal.level]) : text.proposedNot}`}
      </p>
      {proposal.level && !proposal.firm && open.length ? (
        <p className="quiet">{text.notFirm(open.join("; "))}</p>
      ) : null}
      {proposal.reasons.length ? (
        <ul>
          {proposal.reasons.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

function Judged({ of }: { of: Schemas["SystemEvaluated"] }): ReactNode {
  return (
    <>
      <p className="quiet">{of.says}</p>
      {of.frameworks.length === 0 ? (
        <p>{text.notJudged}</p>
      ) : (
        <table className="cards">
          <Heads names={[text.framework, text.met, text.waits]} />
          <tbody>
            {of.frameworks.map((one) => (
              <tr key={one.framework_id}>
                <th scope="row">{one.title}</th>
                <td data-label={text.met}>{text.ofApplicable(one.met, one.applicable)}</td>
                <td data-label={text.waits}>
                  <span>
                    {text.waiting(one.needs_traffic.length)}
                    {one.needs_traffic.length ? <span className="reason">{list(one.needs_traffic, 6)}</span> : null}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
