import "server-only";
import { type CredentialData, isSecret, type Method } from "@/lib/providers/define";
import { doubtsAbout } from "@/lib/providers/doubts";

/** What a credential has in clear and a person can mistake for the place of a secret. */
interface Clear {
  name: string;
  tags: string[];
  config: CredentialData;
}

/** A state of a credential: what it is made by, what it holds, and what of it is in clear. Data that do not open are unknown. */
export interface State {
  method: Method;
  data: CredentialData | undefined;
  clear: Clear;
}

/** From this length on a secret is looked for inside of other text; a shorter one stands in too many words by chance. */
const INSIDE_MIN = 8;

/**
 * Which plain values must not be kept when they change, by the audit log's names of fields: those that hold a secret of the
 * credential, as it was or as it is to be, and those that hold what belongs in a secret field. Whoever puts a password where the
 * user name goes, and mends that, leaves nothing behind. What has the form of a secret the database leaves out by itself
 * (`may_be_secret` in prisma/functions).
 */
export function withheldNames(before: State, after: State): string[] {
  const secrets = [...secretsOf(before), ...secretsOf(after)];
  const holdsOne = (text: string) =>
    secrets.some((secret) => text === secret || (secret.length >= INSIDE_MIN && text.includes(secret)));
  const names = [before, after].flatMap((state) => {
    // Where nobody knows what the secrets are, everything might hold one.
    const held = Object.entries(textsOf(state.clear)).filter(([, texts]) => !state.data || texts.some(holdsOne));
    const misplaced = doubtsAbout(state.method, state.clear.config).filter(({ code }) => code === "other_value");
    return [...held.map(([name]) => name), ...misplaced.map(({ field }) => `credentials.${field}`)];
  });
  return [...new Set(names)];
}

/** Yes and no are in no place by mistake. */
const secretsOf = ({ method, data = {} }: State): string[] =>
  Object.entries(data).flatMap(([name, value]) =>
    isSecret(method, name) && typeof value !== "boolean" && value !== "" ? [String(value)] : [],
  );

const textsOf = ({ name, tags, config }: Clear): Record<string, string[]> => ({
  name: [name],
  tags,
  ...Object.fromEntries(Object.entries(config).map(([field, value]) => [`credentials.${field}`, [String(value)]])),
});
