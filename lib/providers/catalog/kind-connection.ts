import "server-only";
import type { Connection } from "../define-connection";
import { driverConnection } from "../drivers/index";
import { isRequired, isSecretField } from "./field";
import { httpConnection } from "./http-connection";
import type { RequestSource } from "./http-request";
import type { Kind } from "./schema";
import { isDriverTest } from "./schema-test";

/** How a kind's credentials are tried out; undefined where they cannot be. */
export async function connectionOf(kind: Kind): Promise<Connection | undefined> {
  const { test } = kind;
  if (test === undefined) return undefined;
  if (isDriverTest(test)) return driverConnection(test);
  const account = kind.authentication?.find((one) => one.scheme === "service_account_jwt");
  if (!account) return httpConnection(requestSourceOf(kind), test);
  // It signs with a library of its own, which no other test needs.
  const { serviceAccountConnection } = await import("./service-account-connection");
  return serviceAccountConnection(requestSourceOf(kind), test, account);
}

/** What a request to a kind's service is made from, whoever sends it. */
export const requestSourceOf = ({ fields, authentication, base_url }: Kind): RequestSource => ({
  fields: Object.fromEntries(
    fields.map((field) => [
      field.name,
      { label: field.label, secret: isSecretField(field), required: isRequired(field) },
    ]),
  ),
  authentication,
  base_url,
});
