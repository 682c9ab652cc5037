import "server-only";
import { ownKind } from "@/lib/own-kinds/lookup";
import { type FieldProblem, Refusal } from "@/lib/platform/refusal";
import type { CredentialType, Method } from "@/lib/providers/define";
import { findProvider, providerOfStored } from "@/lib/providers/index";
import { isOwnKindId } from "@/lib/providers/own-id";
import type { Row } from "./repository";

/** How one signs in at this provider. @throws Refusal "invalid" for a provider or type that does not exist or fit */
export function methodFor(providerId: string, type: CredentialType, openType = false): Method {
  const provider = openType ? providerOfStored(providerId) : findProvider(providerId);
  if (!provider) {
    const message = openType
      ? "Must be 1 to 64 letters, digits, dots, dashes or underscores"
      : "Is not a known provider";
    throw refuse([{ path: ["provider"], message, code: "enum" }]);
  }
  const method = provider.methods.find((one) => one.type === type);
  if (method) return method;
  const allowed = provider.methods.map((one) => one.type).join(", ");
  throw refuse([
    { path: ["credential_type"], message: `Is not allowed for this provider. Allowed: ${allowed}`, code: "enum" },
  ]);
}

/**
 * The same for a stored credential, whose provider the catalogue need not know. For what signing in and rotations have to do with
 * (an organisation's own kinds have neither); else ./own-method.
 */
export const methodOfRow = (row: { provider: string }, type: CredentialType): Method =>
  methodFor(row.provider, type, true);

/**
 * How one signs in with a kind that this organisation knows: the catalogue's, or its own.
 * @throws Refusal "invalid" as `methodFor`
 */
export async function methodIn(
  orgId: string,
  providerId: string,
  type: CredentialType,
  openType = false,
): Promise<Method> {
  const own = await ownKind(orgId, providerId);
  if (!own) return methodFor(providerId, type, openType);
  const method = own.provider.methods.find((one) => one.type === type);
  if (method) return method;
  const allowed = own.provider.methods.map((one) => one.type).join(", ");
  throw refuse([
    { path: ["credential_type"], message: `Is not allowed for this provider. Allowed: ${allowed}`, code: "enum" },
  ]);
}

/**
 * The same for what is stored. A value that this row keeps secret stays so, whatever its kind has come to say since: a definition
 * may have changed in the moment in which the row was made.
 */
export async function storedMethodIn(
  row: Pick<Row, "orgId" | "provider" | "secretInfo">,
  type: CredentialType,
): Promise<Method> {
  const method = await methodIn(row.orgId, row.provider, type, true);
  return isOwnKindId(row.provider) ? withSecrets(method, Object.keys(row.secretInfo)) : method;
}

function withSecrets(method: Method, names: string[]): Method {
  const revealed = names.filter((name) => Object.hasOwn(method.fields, name) && method.fields[name]?.secret === false);
  if (revealed.length === 0) return method;
  const fields = Object.entries(method.fields).map(([name, field]) =>
    revealed.includes(name) ? [name, { ...field, secret: true, control: "password" as const }] : [name, field],
  );
  const without = (data: Parameters<Method["summary"]>[0]) =>
    Object.fromEntries(Object.entries(data).filter(([name]) => !revealed.includes(name)));
  return { ...method, fields: Object.fromEntries(fields), summary: (data) => method.summary(without(data)) };
}

export const refuse = (problems: FieldProblem[]): Refusal =>
  new Refusal("invalid", "Some values are not acceptable", { fields: problems });
