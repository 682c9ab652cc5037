import type { Category, CredentialType, Group } from "../define";
import type { Listing } from "../listing";
import { names } from "./names";

const CATEGORIES: Record<Group, Category> = {
  models: "agent_in_the_loop",
  data: "database",
  files: "storage",
  search: "automation",
  work: "automation",
  observe: "automation",
  generic: "automation",
};

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

/** The declared kinds without their fields. */
export const listings: Listing[] = Object.entries(names).map(([id, { type, test, ...named }]) => ({
  id,
  ...named,
  monogram: named.label.replace(/[^A-Za-z0-9]/g, "").slice(0, 2),
  category: CATEGORIES[named.group],
  methods: [
    {
      type,
      label: METHOD_LABELS[type],
      obtainedBy: "values",
      testable: test !== undefined,
      ...(test && test.needs.length > 0 && { testNeeds: test.needs }),
    },
  ],
}));
