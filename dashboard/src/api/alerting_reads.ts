/** Reads of whom alerts reach: for the editors' chunks alone. Keys begin with what they are about. */

import { queryOptions } from "@tanstack/react-query";
import { type Api, answer, edition } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type AlertRule = Schemas["AlertRule"];
export type RulePast = Schemas["RulePast"];
export type Receiver = Schemas["Receiver"];
export type KeptRouting = Schemas["KeptRouting"];
export type Routing = Schemas["Routing"];
export type Route = Schemas["Route"];
export type Silence = Schemas["Silence"];
export type DeliveryState = Schemas["DeliveryState"];
export type WouldTell = Schemas["WouldTell"];

export const alertRules = (api: Api) =>
  queryOptions({
    queryKey: ["alert-rules"],
    queryFn: async () => (await answer(api.GET("/api/v1/alerts/rules"))).rules,
  });

export const alertRule = (api: Api, rule: string) =>
  queryOptions({
    queryKey: ["alert-rules", rule],
    queryFn: () => edition(api.GET("/api/v1/alerts/rules/{rule}", { params: { path: { rule } } })),
  });

export const alertRoutes = (api: Api) =>
  queryOptions({ queryKey: ["alert-routes"], queryFn: () => edition(api.GET("/api/v1/alerts/routes")) });

export const receivers = (api: Api) =>
  queryOptions({
    queryKey: ["receivers"],
    queryFn: async () => (await answer(api.GET("/api/v1/alerts/receivers"))).receivers,
  });

export const receiver = (api: Api, name: string) =>
  queryOptions({
    queryKey: ["receivers", name],
    queryFn: () => edition(api.GET("/api/v1/alerts/receivers/{receiver}", { params: { path: { receiver: name } } })),
  });

export const deliveries = (api: Api) =>
  queryOptions({
    queryKey: ["deliveries"],
    queryFn: async () => (await answer(api.GET("/api/v1/alerts/deliveries"))).deliveries,
  });

export const chatPeople = (api: Api) =>
  queryOptions({
    queryKey: ["chat-people"],
    queryFn: async () => (await answer(api.GET("/api/v1/alerts/people"))).people,
  });

export const silences = (api: Api) =>
  queryOptions({
    queryKey: ["silences"],
    queryFn: async () => (await answer(api.GET("/api/v1/alerts/silences"))).silences,
  });
