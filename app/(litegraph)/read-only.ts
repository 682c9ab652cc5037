import { Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";

/** Routes that LiteGraph writes by and that tell here only: whoever writes is told where it is done. */
const told = (where: string) => async (): Promise<never> => {
  throw new Refusal("invalid", where);
};

const writes = (where: string) => ({ PUT: told(where), DELETE: told(where) });

export const writesOfRoles = writes(
  "Roles are fixed here. Give a user another one by IsTenantAdmin or IsSystemAdmin in an update of the user, or under People in the console.",
);
export const writesOfScopes = writes(
  "What a credential may do is its own field Scopes: update the credential, or change the token under API tokens in the console.",
);

/** The graph that permissions are asked for; what is no GUID counts as left out. */
export const graphIn = (query: URLSearchParams): string | undefined => {
  const given = query.get("graphGuid");
  return given && isUuid(given) ? given.toLowerCase() : undefined;
};
