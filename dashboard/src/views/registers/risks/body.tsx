/** What a risk holds: levels, the decision, controls, what watches it, and the file of each of its models. */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { answer } from "../../../api/client";
import { useApp } from "../../../app";
import { Panel } from "../../../components/panel";
import { Time } from "../../../components/time";
import { save } from "../../../files";
import { day, list } from "../../../format";
import { address } from "../../../router";
import { registers } from "../../../strings/registers";
import { risks as text } from "../../../strings/risks";
import { Facts } from "../fields";
import type { BodyProps } from "../register";
import { Controls } from "./controls";
import type { Levels, RiskView } from "./types";

export function RiskBody({ view, etag }: BodyProps<RiskView>): ReactNode {
  const { decision, last_review: review } = view;
  return (
    <div className="stack">
      <Facts
        facts={[
          [text.kind, text.kinds[view.kind]],
          [text.origin, text.origins[view.origin]],
          [text.affected, view.affected],
          [
            text.vulnerable,
            view.vulnerable === true ? registers.yes : view.vulnerable === false ? registers.no : registers.undecided,
          ],
          [text.description, view.description],
          [text.inherent, levels(view.inherent, view.inherent_rating)],
          [text.residual, levels(view.residual, view.residual_rating)],
          [
            text.decision,
            decision ? (
              <span key="decision">
                {`${text.decidedBy(text.decisions[decision.kind], decision.by, decision.role)}, `}
                <Time at={decision.at} />
                {`, ${text.decidedUntil(day(decision.expires))}. ${decision.reason}`}
              </span>
            ) : (
              text.noDecision
            ),
          ],
          [text.tests, list(view.tests ?? [], 8)],
          [
            text.lastReview,
            review ? (
              <span key="review">
                <Time at={review.at} />
                {` · ${review.by} · ${review.note}`}
              </span>
            ) : null,
          ],
          [
            text.incidents,
            (view.incident_ids ?? []).length ? <Incidents key="incidents" ids={view.incident_ids ?? []} /> : null,
          ],
          [registers.concluded, view.conclusion],
        ]}
      />
      <Controls view={view} etag={etag} />
      {(view.model_ids ?? []).map((id) => (
        <RiskFile key={id} model={id} />
      ))}
    </div>
  );
}

function levels(of: Levels | null | undefined, rating: keyof typeof text.ratings | null): string {
  if (!of) return text.notYet;
  const seen = text.level(text.likelihoods[of.likelihood], text.impacts[of.impact].toLowerCase());
  return `${rating ? `${text.ratings[rating]} (${seen})` : seen}${of.reason ? `: ${of.reason}` : ""}`;
}

function Incidents({ ids }: { ids: readonly string[] }): ReactNode {
  return ids.map((id) => (
    <span key={id}>
      <a href={address(["registers", "incidents", id])}>{id}</a>{" "}
    </span>
  ));
}

/** The file of Art. 9, read when it is asked for: first of all what is missing. */
function RiskFile({ model }: { model: string }): ReactNode {
  const [wanted, setWanted] = useState(false);
  return (
    <details onToggle={(event) => setWanted(event.currentTarget.open)}>
      <summary>{text.fileOf(model)}</summary>
      {wanted ? <File model={model} /> : null}
    </details>
  );
}

function File({ model }: { model: string }): ReactNode {
  const { api } = useApp();
  const found = useQuery({
    queryKey: ["registers", "risks", "file", model],
    queryFn: () => answer(api.GET("/api/v1/models/{model_id}/risk-file", { params: { path: { model_id: model } } })),
  });
  return (
    <Panel what={text.fileOf(model)} of={found} lines={4}>
      {({ file, markdown }) => (
        <div className="stack">
          <h3>{text.gaps}</h3>
          {file.gaps.length ? (
            <ul>
              {file.gaps.map((gap) => (
                <li key={gap}>{gap}</li>
              ))}
            </ul>
          ) : (
            <p>{text.noGaps}</p>
          )}
          <p>
            <button type="button" onClick={() => save(`risk-file-${model}.md`, "text/markdown", markdown)}>
              {text.download}
            </button>
          </p>
        </div>
      )}
    </Panel>
  );
}
