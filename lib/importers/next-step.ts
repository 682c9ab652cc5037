import "server-only";
import { type CredentialData, type Field, isTestable } from "@/lib/providers/define";
import { type Doubt, doubtsAbout } from "@/lib/providers/doubts";
import { findMethod, findProvider } from "@/lib/providers/index";
import type { FoundCredential, SourceRow } from "./define";
import { OPEN_NOTE } from "./target";

/** What is left to do for a row once it is here, in one fixed sentence; and whether a test can tell how it stands. */
export interface NextStep {
  next: string;
  testable: boolean;
}

type GoodRow = Extract<SourceRow, { found: object }>;

export function nextStep({ found, notes, toEnter }: GoodRow): NextStep {
  const method = findMethod(found.provider, found.type);
  if (!method) return { next: notes.includes(OPEN_NOTE) ? WORDS.unknown : WORDS.open, testable: false };
  // Values are judged by the import; here it counts which ones there are.
  const data = found.data as CredentialData;
  const testable = isTestable(method, data);
  if (toEnter) return { next: testable ? WORDS.enterAndTest : WORDS.enter, testable };
  // Nobody has looked at it here and decided that it is what they mean: it is named, and sent nowhere before somebody has.
  const doubtful = doubtsAbout(method, data).filter(({ certain }) => certain);
  if (doubtful.length > 0) return { next: enterInstead(method.fields, doubtful), testable: false };
  if (method.authorization) {
    if (!method.renewal?.(data)) return { next: signInAgain(found), testable: false };
    return { next: testable ? WORDS.testRenewing : WORDS.renews, testable };
  }
  if (testable) return { next: takesHostKey(method.fields, data) ? WORDS.hostKey : WORDS.test, testable };
  const missing = method.testable ? (method.testNeeds ?? []).filter((name) => data[name] === undefined) : [];
  const labels = missing.map((name) => method.fields[name]?.label ?? name).join(", ");
  return {
    next: missing.length > 0 ? `Enter what its test needs (${labels}), then test it.` : WORDS.untestable,
    testable,
  };
}

function enterInstead(fields: Record<string, Field>, doubts: Doubt[]): string {
  const labels = doubts.map(({ field }) => fields[field]?.label ?? field);
  return `Enter ${labels.join(", ")}: what came in is a placeholder, or belongs in another field. Then test it.`;
}

const takesHostKey = (fields: object, data: CredentialData) => "host_key" in fields && data.host_key === undefined;

function signInAgain({ provider }: FoundCredential): string {
  const same = findProvider(findProvider(provider)?.sameAs ?? provider);
  return `Sign in again with ${same?.label ?? provider}, on its page: nothing here can renew its access.`;
}

const WORDS = {
  test: "Test it.",
  hostKey: "Test it, and give the host key: the test shows the one that the server has.",
  testRenewing: "Test it. It renews by itself.",
  renews: "Nothing: it renews by itself.",
  enter: "Enter the values that its note names.",
  enterAndTest: "Enter the values that its note names, then test it.",
  untestable: "Nothing: there is no test for its kind.",
  unknown: "Nothing: it is handed out as it came, and cannot be tested.",
  open: "Read its note, and make a credential of its own type if it is to be tested.",
};

/** Where nothing came in. */
export const otherSteps = {
  unchanged: "Nothing: it is here already.",
  changed: "Nothing: it is here already.",
  deleted: "Nothing, unless it is wanted back: then enter it by hand.",
  undecryptable: "Import again with the key that it was saved under, or enter it by hand.",
  unacceptable: "Correct it where it comes from and import again, or enter it by hand.",
  over_limit: "Have the limit raised, then import again.",
} as const;
