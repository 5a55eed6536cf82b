/** A policy that is begun, from a template or of one's own. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Api, answer } from "../../../api/client";
import { useApp } from "../../../app";
import { Action } from "../../../forms/action";
import { ChoiceField, LongField, NumberField, TextField } from "../../../forms/fields";
import { policies as text } from "../../../strings/policies";
import { given, lines, toField } from "../filled";
import { toEntry } from "../opened";
import { TOUCHED } from "../register";

export const templates = (api: Api) =>
  queryOptions({
    queryKey: ["policy-templates"],
    queryFn: async () => (await answer(api.GET("/api/v1/policy-documents/templates"))).templates,
    staleTime: Number.POSITIVE_INFINITY,
  });

export function BeginPolicy(): ReactNode {
  const { api } = useApp();
  const known = useQuery(templates(api));
  return (
    <Action
      route="POST /api/v1/policy-documents"
      label={text.add}
      about={text.addAbout}
      tone="primary"
      otherwise="explain"
      told={text.added}
      touches={TOUCHED}
      done={toEntry("policies")}
      place={toField}
      send={({ owner = "", readers, review_days, ...values }, headers) =>
        api.POST("/api/v1/policy-documents", {
          body: {
            ...given(values, ["template", "title"]),
            owner,
            readers: lines(readers),
            ...(review_days ? { review_days: Number(review_days) } : {}),
          },
          headers,
        })
      }
    >
      <ChoiceField
        name="template"
        label={text.template}
        says
        options={[["", text.ownText], ...(known.data ?? []).map((one) => [one.id, one.title] as const)]}
      />
      <TextField name="title" label={text.name} hint={text.nameHint} />
      <TextField name="owner" label={text.owner} hint={text.ownerHint} required />
      <LongField name="readers" label={text.readers} hint={text.readersHint} />
      <NumberField name="review_days" label={text.reviewDays} hint={text.reviewDaysHint} min={1} max={3660} step={1} />
    </Action>
  );
}
