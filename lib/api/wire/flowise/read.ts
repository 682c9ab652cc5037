import type { z } from "zod";
import type { CredentialChange, CredentialView, NewCredential } from "@/lib/credentials";
import { type FieldProblem, Refusal } from "@/lib/platform/refusal";
import type { KindForm } from "@/lib/providers/catalog/kind-form";
import { kindOf, providerOfKind } from "./kinds";
import { createBody, updateBody } from "./schemas/credential";
import { login } from "./schemas/session";
import { changedValues, newValues } from "./values";

/** Flowise's bodies and parameters brought to the core's words. Keys that it ignores are ignored here. */

/** Finds the kind of a name that the caller's organisation has made. */
export type FindOwn = (name: string) => Promise<KindForm | undefined>;

/** @throws Refusal "invalid" naming what is missing or of a wrong type */
export async function newCredential(body: Record<string, unknown>, findOwn: FindOwn): Promise<NewCredential> {
  const input = shaped(createBody, body);
  const own = await findOwn(input.credentialName);
  const kind = providerOfKind(input.credentialName, own);
  return {
    ...kind,
    data: newValues(kind.provider, input.plainDataObj, own),
    ...(input.name.trim() !== "" && { name: input.name }),
    ...(input.id && { externalId: input.id }),
    nameClash: "number",
  };
}

/**
 * What an update changes of `stored`. What this door shows means "as it was" when it comes back: somebody who renames
 * a credential by writing back all that was read changes its name alone.
 * @throws Refusal "invalid" for another kind: what is stored would be judged by rules it was not made for
 */
export async function credentialChange(
  body: Record<string, unknown>,
  stored: CredentialView,
  expectedVersion: CredentialChange["expectedVersion"],
  findOwn: FindOwn,
): Promise<CredentialChange> {
  const input = shaped(updateBody, body);
  if (input.credentialName !== undefined && input.credentialName !== kindOf(stored))
    throw invalid([{ path: ["credentialName"], message: "Cannot be changed: make a new credential", code: "fixed" }]);
  if (input.name?.trim() === "") throw invalid([{ path: ["name"], message: "Must not be empty", code: "value_error" }]);
  const values = input.plainDataObj && changedValues(stored, input.plainDataObj, await findOwn(stored.provider));
  return {
    expectedVersion,
    ...(input.name !== undefined && { name: input.name }),
    nameClash: "number",
    ...(values && Object.keys(values).length > 0 && { data: { mode: "merge", values } }),
  };
}

const KINDS_MAX = 200;

/**
 * The kinds that a list is narrowed to, in the order asked for; undefined for no filter. Several are a parameter that stands
 * several times, with empty brackets or with numbers in them.
 * @throws Refusal "invalid" for other brackets, and for more than 200
 */
export function kindsAskedFor(query: URLSearchParams): string[] | undefined {
  const keys = [...query.keys()];
  if (keys.some((key) => /^credentialName\[.*\]$/.test(key) && !KINDS.test(key)))
    throw invalid([{ path: ["credentialName"], message: "Must be a name, or several", code: "value_error" }]);
  const asked = [...query].filter(([key, value]) => KINDS.test(key) && value !== "").map(([, value]) => value);
  if (asked.length > KINDS_MAX)
    throw invalid([{ path: ["credentialName"], message: `Must be at most ${KINDS_MAX} names`, code: "value_error" }]);
  return asked.length > 0 ? asked : undefined;
}

const KINDS = /^credentialName(\[\d{0,3}\])?$/;

/** A form's fields as the object that its brackets describe: plainDataObj[key]=value. */
export function ofForm(text: string): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const data: Record<string, unknown> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const [, top, inner] = /^(id|name|credentialName|plainDataObj)(?:\[([A-Za-z0-9_.-]{1,64})\])?$/.exec(key) ?? [];
    if (top === "plainDataObj" && inner && !(inner in {})) data[inner] = value;
    else if (top && !inner) body[top] = value;
  }
  return Object.keys(data).length > 0 ? { ...body, plainDataObj: data } : body;
}

export const signInBody = (body: Record<string, unknown>) => shaped(login, body);

function shaped<T>(schema: z.ZodType<T>, body: Record<string, unknown>): T {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  // Fixed words: zod's own messages can repeat what was sent.
  throw invalid(
    result.error.issues.map(({ path, input }) => ({
      path: path.map(String),
      message: input === undefined ? "Is required" : "Is not of the right type or length",
      code: input === undefined ? "missing" : "type",
    })),
  );
}

const invalid = (fields: FieldProblem[]) => new Refusal("invalid", "Some values are not acceptable", { fields });
