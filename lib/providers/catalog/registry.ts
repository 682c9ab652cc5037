import "server-only";
import kindsJson from "@/lib/generated/catalog/kinds.json";
import signInsJson from "@/lib/generated/catalog/sign-ins.json";
import { oauth2Of } from "./kind-form";
import type { Kind } from "./schema";
import type { OAuth2, SignInFile } from "./schema-oauth2";

/** The catalogue's kinds, whole. What is generated was judged when it was. */
const all = kindsJson as unknown as readonly Kind[];
const byId: ReadonlyMap<string, Kind> = new Map(all.map((kind) => [kind.id, kind]));
const signIns: ReadonlyMap<string, OAuth2> = new Map(
  (signInsJson as unknown as SignInFile[]).map((signIn) => [signIn.id, signIn]),
);

/** Every kind that a file describes, by id. */
export const kinds = (): readonly Kind[] => all;

export const findKind = (id: string): Kind | undefined => byId.get(id);

/**
 * How somebody signs in, by the id that an `Authorization` names: that of a file in `sign-ins`, or of a kind.
 * @throws Error where there is none, which is a fault of the program
 */
export function signInOf(id: string): OAuth2 {
  const kind = findKind(id);
  const found = signIns.get(id) ?? (kind && oauth2Of(kind));
  if (!found) throw new Error(`No sign-in ${id}`);
  return found;
}
