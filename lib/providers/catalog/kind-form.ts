import type { ScopeChoice } from "../authorization";
import type { Kind } from "./schema";
import type { OAuth2 } from "./schema-oauth2";

/**
 * What of a kind a form needs: all that ever gets to a browser. How requests are signed, where they go and how the test is
 * made stay on the server.
 */
export interface KindForm extends KindRow {
  docs?: string | undefined;
  fields: Kind["fields"];
  paste?: Kind["paste"];
}

/** What of it lists and the picker need. */
export interface KindRow
  extends Pick<Kind, "id" | "label" | "group" | "credential_type" | "aliases" | "description" | "same_as"> {
  testable: boolean;
  needs?: string[] | undefined;
  signIn?: SignInForm | undefined;
}

/** What of a sign-in the browser needs. */
export interface SignInForm {
  /** By which the server finds the rest of it. */
  id: string;
  /** Whose client this product is there. */
  client: "operator" | "credential";
  label: string;
  scopes: ScopeChoice[];
  revokesAccount?: true;
  afterDeletion: string;
}

export function rowOf(kind: Kind): KindRow {
  const { id, label, group, credential_type, aliases, description, same_as, test } = kind;
  const signIn = oauth2Of(kind);
  return {
    ...{ id, label, group, credential_type, aliases, description },
    ...(same_as !== undefined && { same_as }),
    testable: test !== undefined,
    ...(test?.needs && { needs: test.needs }),
    ...(signIn && { signIn: signInFormOf(id, signIn) }),
  };
}

export const formOf = (kind: Kind): KindForm => ({
  ...rowOf(kind),
  docs: kind.docs,
  fields: kind.fields,
  ...(kind.paste && { paste: kind.paste }),
});

/** How somebody signs in at a provider for a kind, where that can be done. */
export const oauth2Of = ({ authentication = [] }: Kind): OAuth2 | undefined =>
  authentication.find((one) => one.scheme === "oauth2");

export const signInFormOf = (id: string, { client, label, scopes, revokes, after_deletion }: OAuth2): SignInForm => ({
  id,
  client: "settings" in client ? "operator" : "credential",
  label,
  scopes: Array.isArray(scopes) ? (scopes as ScopeChoice[]) : [],
  ...(revokes === "account" && { revokesAccount: true }),
  afterDeletion: after_deletion,
});
