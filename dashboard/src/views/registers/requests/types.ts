/** Requests of persons as the API has them. */

import type { components, paths } from "../../../api/schema";

type Schemas = components["schemas"];
export type RequestView = Schemas["RequestView"];
export type Right = Schemas["PersonRight"];
export type Channel = Schemas["RequestChannel"];
export type Identity = Schemas["IdentityCheck"];
export type Outcome = Schemas["RequestOutcome"];
export type Ground = Schemas["RefusalGround"];
export type RequestQuery = NonNullable<paths["/api/v1/requests"]["get"]["parameters"]["query"]>;
