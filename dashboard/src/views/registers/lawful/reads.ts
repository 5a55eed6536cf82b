/** Reads of a model's plan, conformity and registration; with its key, so that changes of the model call them old. */

import { queryOptions } from "@tanstack/react-query";
import { type Api, answer, edition } from "../../../api/client";

export const planOf = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["model", id, "monitoring-plan"],
    queryFn: () => answer(api.GET("/api/v1/models/{model_id}/monitoring-plan", { params: { path: { model_id: id } } })),
  });

export const conformityOf = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["model", id, "conformity"],
    queryFn: () => answer(api.GET("/api/v1/models/{model_id}/conformity", { params: { path: { model_id: id } } })),
  });

/** One assessment with the edition that a change of it has to name. */
export const assessmentOf = (api: Api, id: string, file: string) =>
  queryOptions({
    queryKey: ["model", id, "conformity", file],
    queryFn: () =>
      edition(
        api.GET("/api/v1/models/{model_id}/conformity/{file_id}", {
          params: { path: { model_id: id, file_id: file } },
        }),
      ),
  });

export const registrationOf = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["model", id, "registration"],
    queryFn: () => answer(api.GET("/api/v1/models/{model_id}/registration", { params: { path: { model_id: id } } })),
  });

export const highRiskOf = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["model", id, "high-risk-assessment"],
    queryFn: () =>
      answer(api.GET("/api/v1/models/{model_id}/high-risk-assessment", { params: { path: { model_id: id } } })),
  });
