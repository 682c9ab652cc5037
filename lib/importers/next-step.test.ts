import { expect, test } from "vitest";
import type { FoundCredential } from "./define";
import { nextStep } from "./next-step";
import { OPEN_NOTE } from "./target";

const rowOf = (found: FoundCredential, more: object = {}) => ({
  id: "x",
  name: "x",
  kind: "x",
  notes: [],
  found,
  ...more,
});
const SFTP = { host: "h.example.com", username: "u", password: "p" };
const CLIENT = { accessTokenUrl: "https://a.example.com/token", clientId: "c", access_token: "a" };

test.each<[string, FoundCredential, object, RegExp, boolean]>([
  ["a database", { provider: "postgresql", type: "user_password", data: {} }, {}, /^Test it\.$/, true],
  ["a server without its host key", { provider: "sftp", type: "user_password", data: SFTP }, {}, /host key/, true],
  [
    "a server with its host key",
    { provider: "sftp", type: "user_password", data: { ...SFTP, host_key: "k" } },
    {},
    /^Test it\.$/,
    true,
  ],
  [
    "access that renews",
    { provider: "oauth2_client", type: "oauth2", data: { ...CLIENT, refresh_token: "r" } },
    {},
    /^Nothing: it renews by itself/,
    false,
  ],
  [
    "access that renews, of a kind with a test",
    { provider: "gmailOAuth2", type: "oauth2", data: { ...CLIENT, refresh_token: "r" } },
    {},
    /^Test it\. It renews by itself/,
    true,
  ],
  [
    "access that ends",
    { provider: "gmailOAuth2", type: "oauth2", data: CLIENT },
    {},
    /^Sign in again with Google/,
    false,
  ],
  [
    "access that ends, at Microsoft",
    { provider: "microsoftTeamsOAuth2", type: "oauth2", data: CLIENT },
    {},
    /^Sign in again with Microsoft/,
    false,
  ],
  [
    "what lacks the place of its test",
    { provider: "MySQLApi", type: "user_password", data: { user: "u", password: "p" } },
    {},
    /^Enter what its test needs \(Host for the connection test\)/,
    false,
  ],
  [
    "a formula",
    { provider: "stripeApi", type: "api_key", data: {} },
    { toEnter: true },
    /^Enter the values.*test/,
    true,
  ],
  [
    "a placeholder",
    { provider: "postgresql", type: "user_password", data: { host: "h", username: "u", password: "[YOUR-PASSWORD]" } },
    {},
    /^Enter Password: what came in is a placeholder/,
    false,
  ],
  [
    "a placeholder inside an address",
    { provider: "postgresql", type: "user_password", data: { connection_string: "postgresql://u:<password>@h/d" } },
    {},
    /^Enter Connection string: what came in is a placeholder/,
    false,
  ],
  [
    "values in each other's place",
    { provider: "aws_ses", type: "api_key", data: { access_key_id: "x", secret_access_key: "AKIAIOSFODNN7EXAMPLE" } },
    {},
    /^Enter Secret access key: what came in .*belongs in another field/,
    false,
  ],
  [
    "what may be meant",
    { provider: "postgresql", type: "user_password", data: { host: "h", username: "u", password: "changeme" } },
    {},
    /^Test it\.$/,
    true,
  ],
  ["a kind without a test", { provider: "AlibabaApi", type: "api_key", data: {} }, {}, /no test for its kind/, false],
  ["an unknown type", { provider: "n8n.x", type: "api_key", data: {} }, { notes: [OPEN_NOTE] }, /^Nothing/, false],
  [
    "an open type",
    { provider: "n8n.postgres", type: "api_key", data: {} },
    { notes: ["Kept…"] },
    /^Read its note/,
    false,
  ],
])("what is left to do for %s is said", (_, found, more, next, testable) => {
  expect(nextStep(rowOf(found, more))).toEqual({ next: expect.stringMatching(next), testable });
});
