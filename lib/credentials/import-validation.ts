import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { ownKindsCalled } from "@/lib/own-kinds/lookup";
import { Refusal } from "@/lib/platform/refusal";
import { isTestable, type Method } from "@/lib/providers/define";
import { findProvider } from "@/lib/providers/index";
import { checkExternalId } from "./external-id";
import { idsOf } from "./import-decision";
import type { ImportProblem, IncomingCredential, JudgedCredential } from "./import-input";
import { methodIn } from "./methods";
import { testIsRequired, validateData } from "./validate";

/** Keys are opened in processes of their own: so many rows at once, and places for others stay free. */
const AT_ONCE = 2;

/** Judges the values of each row by its provider's fields, as a save would. A bad row is an answer, not an error. */
export async function validateIncoming(actor: Actor, came: IncomingCredential[]): Promise<JudgedCredential[]> {
  const incoming = await asOwnKinds(actor.orgId, came);
  const testRequired = await testIsRequired(actor.orgId);
  const doubles = doublesIn(incoming);
  const judged: JudgedCredential[] = [];
  const rest = incoming.entries();
  const work = async () => {
    for (const [index, one] of rest) {
      judged[index] = doubles.has(one)
        ? { incoming: one, isDouble: true }
        : await validateOne(actor, one, testRequired);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return judged;
}

/** What the catalogue does not know may be of a kind that the organisation has made for it. */
async function asOwnKinds(orgId: string, came: IncomingCredential[]): Promise<IncomingCredential[]> {
  const unknown = new Set(came.map(({ provider }) => provider).filter((provider) => !findProvider(provider)));
  const called = await ownKindsCalled(orgId, [...unknown]);
  return came.map((one) => {
    const own = called.get(one.provider);
    if (!own) return one;
    const { id: provider, credential_type: type, label: ownKind } = own.kind;
    return { ...one, provider, type, ownKind };
  });
}

/** Rows whose id an earlier row has. */
function doublesIn(incoming: IncomingCredential[]): Set<IncomingCredential> {
  const seen = new Set<string>();
  return new Set(
    incoming.filter((one) => {
      const { id } = idsOf(one.id);
      return seen.has(id) || !seen.add(id);
    }),
  );
}

async function validateOne(
  actor: Actor,
  incoming: IncomingCredential,
  testRequired: boolean,
): Promise<JudgedCredential> {
  const { id, provider, type } = incoming;
  let method: Method | undefined;
  try {
    checkExternalId(id);
    method = await methodIn(actor.orgId, provider, type, true);
    const data = await validateData({ provider, method }, incoming.data, actor);
    const problems = testRequired && isTestable(method, data) ? [UNTESTED] : [];
    return problems.length > 0 ? { incoming, problems } : { incoming, accepted: { method, data } };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "invalid") throw error;
    return { incoming, problems: problemsOf(error, method) };
  }
}

function problemsOf({ fields, message }: Refusal, method: Method | undefined): ImportProblem[] {
  if (fields.length === 0) return [{ field: null, message }];
  return fields.map((one) => {
    const name = String(one.path.at(-1) ?? "");
    return { field: isKnown(name, method) ? name : null, message: one.message };
  });
}

/** A name that somebody else made up can be anything, a secret too. */
const isKnown = (name: string, method: Method | undefined) =>
  name === "id" || (method !== undefined && Object.hasOwn(method.fields, name));

const UNTESTED: ImportProblem = {
  field: null,
  message:
    "This organisation saves only values that passed their test, and an import tests nothing. Switch that off in the settings for the time of the import, or enter it by hand",
};
