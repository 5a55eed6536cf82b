/** While one alert stands, another is not told: which rules there are, adding one, taking one away. */

import type { ReactNode } from "react";
import type { KeptRouting } from "../../../api/alerting_reads";
import type { Edition } from "../../../api/client";
import { Action } from "../../../forms/action";
import { LongField, TextField } from "../../../forms/fields";
import { routing } from "../../../strings/routing";
import { lines, words } from "./lists";
import { useRoutingChange } from "./route_form";

const text = routing.route;

function place(where: string): string | undefined {
  const parts = where.split(/[.[\]]+/);
  return ["source_matchers", "target_matchers", "equal"].find((name) => parts.includes(name));
}

export function InhibitRules({ kept }: { kept: Edition<KeptRouting> }): ReactNode {
  const change = useRoutingChange(kept);
  const rules = kept.value.routing.inhibit_rules;
  return (
    <section className="card" aria-labelledby="title-inhibit">
      <div className="card-head">
        <h2 id="title-inhibit">{text.inhibit}</h2>
        <Action
          {...change((values) => (before) => ({
            ...before,
            inhibit_rules: [
              ...before.inhibit_rules,
              {
                source_matchers: lines(values["source_matchers"]),
                target_matchers: lines(values["target_matchers"]),
                equal: words(values["equal"]),
              },
            ],
          }))}
          label={text.addInhibit}
          title={text.addInhibitTitle}
          place={place}
        >
          <LongField name="source_matchers" label={text.source} hint={routing.matchersHint} required rows={2} />
          <LongField name="target_matchers" label={text.target} hint={routing.matchersHint} required rows={2} />
          <TextField name="equal" label={text.equal} hint={text.equalHint} value="model" />
        </Action>
      </div>
      {rules.length === 0 ? (
        <p className="quiet">{text.noInhibit}</p>
      ) : (
        <ul className="route-tree">
          {rules.map((rule, at) => (
            <li key={JSON.stringify(rule)}>
              <div className="route">
                <p>
                  {`${text.source} `}
                  <code>{rule.source_matchers.join(", ")}</code>
                  {`, ${text.target} `}
                  <code>{rule.target_matchers.join(", ")}</code>
                  {rule.equal.length ? `, ${text.equal} ${rule.equal.join(", ")}` : ""}
                </p>
                <Action
                  {...change(() => (before) => ({
                    ...before,
                    inhibit_rules: before.inhibit_rules.filter((_, other) => other !== at),
                  }))}
                  label={routing.remove}
                  title={text.removeInhibit}
                  tone="danger"
                />
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
