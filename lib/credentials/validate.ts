import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { statement } from "@/lib/platform/db";
import { type FieldProblem, Refusal } from "@/lib/platform/refusal";
import { checkDeep } from "@/lib/providers/deep-checks";
import {
  type CredentialData,
  type CredentialType,
  canonicalName,
  isSecret,
  isTestable,
  type Method,
  obtainedBy,
  parseData,
  secretsToResend,
} from "@/lib/providers/define";
import type { DataChange } from "./input";
import { methodIn, refuse, storedMethodIn } from "./methods";
import { readReceipt, type TestedValues, type TestReceipt } from "./receipt";
import type { Row } from "./repository";
import { damaged } from "./sealed-data";

interface ValidationTarget {
  provider: string;
  method: Method;
  /** The values are stored ones with changes. */
  isEdit?: boolean;
}

/**
 * Brings a caller's values into stored form. Keys and certificates are opened in a worker to see that they are whole.
 * @throws Refusal "invalid" naming each bad field; for types that come from signing in at the provider, saying so; and
 * as `checkDeep`, whose places the asker shares
 */
export async function validateData(
  { provider, method, isEdit = false }: ValidationTarget,
  values: Record<string, unknown>,
  asker: Actor,
): Promise<CredentialData> {
  if (obtainedBy(method, values) === "authorization" && !hasTokens(values)) throw needsAuthorization(provider);
  const parsed = parseData(method, values, { isEdit });
  if (!parsed.ok) throw refuse(inCredentials(parsed.problems));
  const deep = await checkDeep(provider, method.type, parsed.data, asker);
  if (deep.length > 0) throw refuse(inCredentials(deep));
  return parsed.data;
}

interface StoredData {
  orgId: string;
  provider: string;
  type: CredentialType;
  /** Undefined where they do not open. */
  data: CredentialData | undefined;
  /** What stands in clear beside them: by the names of the fields, which ones there are. */
  config: object;
  secretInfo: Row["secretInfo"];
}

/**
 * The data after a change of stored data. A kept secret must not travel to a destination it was not stored for: then
 * the change is refused with the names of the secrets to send again (decision 10 of the design). Where the stored data do
 * not open (undefined), only a change that is whole by itself will do.
 * @throws Refusal as `validateData`; "damaged" when something of what does not open would be needed
 */
export async function validateChange(
  stored: StoredData,
  type: CredentialType,
  change: DataChange,
  asker: Actor,
): Promise<CredentialData> {
  const { provider } = stored;
  const method = await storedMethodIn(stored, type);
  if (change.mode === "replace") {
    return withPin(stored.data ?? {}, await validateData({ provider, method }, change.values, asker), change.values);
  }
  if (type !== stored.type) {
    throw refuse([{ path: ["credential_type"], message: "To change the type, send all values", code: "type_change" }]);
  }
  const sent = namesOf(method, change.values);
  if (!stored.data) {
    // A field that is there and was not sent would be lost, whether its kind insists on it or not; a default comes by itself.
    const there = [...Object.keys(stored.config), ...Object.keys(stored.secretInfo)];
    if (there.some((name) => !sent.has(name) && method.fields[name]?.default === undefined)) throw damaged();
    return wholeByItself(provider, method, change.values, asker);
  }
  const keptEntries = Object.entries(stored.data).filter(([name]) => !sent.has(name));
  const values = { ...Object.fromEntries(keptEntries), ...change.values };
  const merged = await validateData({ provider, method, isEdit: true }, values, asker);
  const after = withPin(stored.data, merged, change.values);
  const kept = keptEntries.map(([name]) => name).filter((name) => isSecret(method, name));
  const moved = secretsToResend(method, stored.data, after, kept);
  // Access that an application was given is fetched anew with its own secret: nobody could send it.
  const isApplication = method.renewal?.(after)?.by === "application";
  const fetched = isApplication ? moved.filter((name) => method.fields[name]?.obtained) : [];
  const resend = moved.filter((name) => !fetched.includes(name));
  if (resend.length > 0) {
    throw refuse(
      inCredentials(
        resend.map((name) => ({
          path: [name],
          message: "Send it again: the stored one is not used for a new destination",
          code: "resend_secret",
        })),
      ),
    );
  }
  return Object.fromEntries(Object.entries(after).filter(([name]) => !fetched.includes(name)));
}

/** A partial change of what does not open: good if nothing of the old is needed. */
async function wholeByItself(
  provider: string,
  method: Method,
  sent: Record<string, unknown>,
  asker: Actor,
): Promise<CredentialData> {
  const values = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null && value !== ""));
  try {
    return await validateData({ provider, method }, values, asker);
  } catch (error) {
    throw error instanceof Refusal && error.code === "invalid" ? damaged(error) : error;
  }
}

/** The canonical names of what the caller sent, aliases resolved. */
const namesOf = (method: Method, values: Record<string, unknown>): Set<string> =>
  new Set(Object.keys(values).map((sent) => canonicalName(method, sent)));

/**
 * A host key learnt from this very server stays unless the caller sends another: dropping it would weaken the next
 * sign-in. For another server it means nothing and goes.
 */
function withPin(before: CredentialData, after: CredentialData, sent: Record<string, unknown>): CredentialData {
  if ("host_key" in sent || before.host_key === undefined) return after;
  const { host_key: _, ...rest } = after;
  const samePlace = before.host === after.host && before.port === after.port;
  return samePlace ? { ...rest, host_key: before.host_key } : rest;
}

/**
 * What a receipt proves of the values about to be stored, or undefined when there is none and none is needed.
 * @throws Refusal "invalid" when the organisation asks for a test before saving and there is no good one
 */
export async function testReceiptFor(
  actor: Actor,
  values: TestedValues,
  receipt: string | undefined,
  testRequired: boolean,
): Promise<TestReceipt | undefined> {
  const proof = receipt === undefined ? undefined : await readReceipt(actor, values, receipt);
  if (proof && (proof.outcome === "ok" || proof.outcome === "degraded")) return proof;
  if (testRequired && isTestable(await methodIn(actor.orgId, values.provider, values.type, true), values.data)) {
    throw new Refusal("invalid", "This organisation saves only values that passed their test", {
      fields: [
        {
          path: ["test_receipt"],
          message: proof ? "The test did not pass" : "Test these values first",
          code: "test_required",
        },
      ],
    });
  }
  return proof;
}

/** Whether the organisation saves only tested values. */
export async function testIsRequired(orgId: string): Promise<boolean> {
  const [found] = await statement<{ required: boolean | null }>(
    "test_required",
    "SELECT test_required_in($1) AS required",
    [orgId],
  );
  return found?.required ?? true;
}

const inCredentials = (problems: FieldProblem[]): FieldProblem[] =>
  problems.map((problem) => ({ ...problem, path: ["credentials", ...problem.path] }));

/** Tokens that somebody has from elsewhere; whether they will do is judged with the other values. */
const hasTokens = ({ access_token, refresh_token }: Record<string, unknown>) =>
  Boolean(access_token) || Boolean(refresh_token);

const needsAuthorization = (provider: string): Refusal =>
  new Refusal("invalid", "Credentials of this type are made by signing in at the provider", {
    fields: [
      {
        path: ["credential_type"],
        message: `Sign in through the authorize address of ${provider}, or send a refresh token, or an access token with its expiry`,
        code: "authorization_required",
      },
    ],
  });
