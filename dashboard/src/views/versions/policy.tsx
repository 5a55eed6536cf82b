/** Which approval policy a model is under: who has to agree, on which evidence. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type ChangeRoute, useApp, useMay } from "../../app";
import { list, words } from "../../format";
import { Action, Coming } from "../../forms/action";
import { ChoiceField } from "../../forms/fields";
import { strings } from "../../strings";
import { roleName } from "../../words";

const text = strings.versions;
const ROUTE: ChangeRoute = "PUT /api/v1/models/{model_id}/approval-policy";

export function ChoosePolicy({ id }: { id: string }): ReactNode {
  const { api, reads } = useApp();
  const may = useMay()(ROUTE);
  const policies = useQuery({ ...reads.policies(), enabled: may });
  const present = useQuery({ ...reads.model(id).approvalPolicy(), enabled: may });
  if (!policies.data || !present.data) {
    return policies.error || present.error ? null : <Coming route={ROUTE} label={text.choosePolicy} />;
  }
  return (
    <Action
      route={ROUTE}
      label={text.choosePolicy}
      about={
        <>
          <p>{text.choosePolicyAbout}</p>
          <ul>
            {policies.data.map((one) => (
              <li key={one.name}>
                <b>{words(one.name)}</b>
                {`: ${text.needs(one.approvers, list((one.roles ?? []).map(roleName), 9) || text.anyVoter)}`}
              </li>
            ))}
          </ul>
        </>
      }
      told={({ name = "" }) => text.policyChosen(words(name))}
      touches={[["model", id], ["counts"], ["waiting"]]}
      send={({ name = "" }, headers) =>
        api.PUT("/api/v1/models/{model_id}/approval-policy", {
          params: { path: { model_id: id } },
          body: { name },
          headers,
        })
      }
    >
      <ChoiceField
        name="name"
        label={text.policyName}
        required
        value={present.data.name}
        options={policies.data.map((one) => [one.name, words(one.name)] as const)}
      />
    </Action>
  );
}
