import { viewOfSignIn } from "../authorization";
import type { CredentialType } from "../define";
import { CATEGORY_OF, type Listing } from "../listing-shape";
import type { KindRow } from "./kind-form";

/** A kind as lists and the picker have it. */
export const listingOf = (row: KindRow): Listing => ({
  id: row.id,
  label: row.label,
  group: row.group,
  aliases: row.aliases,
  description: row.description,
  ...(row.same_as !== undefined && { sameAs: row.same_as }),
  monogram: row.label.replace(/[^A-Za-z0-9]/g, "").slice(0, 2),
  category: CATEGORY_OF[row.group],
  methods: [
    {
      type: row.credential_type,
      label: METHOD_LABELS[row.credential_type],
      obtainedBy: row.signIn?.client === "operator" ? "authorization" : "values",
      testable: row.testable,
      ...(row.needs && row.needs.length > 0 && { testNeeds: row.needs }),
      ...(row.signIn && { authorization: viewOfSignIn(row.signIn) }),
    },
  ],
});

const METHOD_LABELS: Record<CredentialType, string> = {
  api_key: "API key",
  user_password: "User name and password",
  oauth2: "OAuth application",
  google_oauth: "Sign in with Google",
  sharepoint_oauth: "Sign in with Microsoft",
  key_file: "Key file",
  client_credentials: "Client credentials",
  shared_access_signature: "Shared access signature",
};
