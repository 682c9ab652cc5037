// A walk through the API: node clients/typescript/examples/tour.mjs
// LATCHKEY_URL, LATCHKEY_TOKEN (an administrator's), LATCHKEY_HOST and LATCHKEY_PORT of an SFTP server to test.
import { allCredentials, createLatchkey, LatchkeyError } from "../dist/index.js";

const { LATCHKEY_URL: baseUrl, LATCHKEY_TOKEN: token, LATCHKEY_HOST: host, LATCHKEY_PORT: port } = process.env;
const latchkey = createLatchkey({ baseUrl, token });
const values = { host, port: Number(port), username: "nobody", password: "wrong on purpose" };

// Tested before anything is stored: a test that fails is an answer.
const kind = { provider: "sftp", credential_type: "user_password" };
const { data: report } = await latchkey.POST("/api/integrations/credentials/test", {
  body: { ...kind, credentials: values },
});
console.log(`tested: ${report.outcome}`);

// Made once, however often this is sent.
const { data: made } = await latchkey.POST("/api/integrations/credentials", {
  body: { ...kind, name: `Tour ${crypto.randomUUID()}`, tags: ["tour"], credentials: values },
});
const { id: credential_id } = made;
console.log(`made: version ${made.version}`);

// A program of its own fetches the secret, once that is granted to it.
const { data: account } = await latchkey.POST("/api/service-accounts", { body: { name: `tour ${credential_id}` } });
await latchkey.POST("/api/access/grants", {
  body: {
    subject_type: "service_account",
    subject_id: account.id,
    reach: "credential",
    key: credential_id,
    rights: ["use"],
  },
});
const { data: key } = await latchkey.POST("/api/service-accounts/{id}/api-keys", {
  params: { path: { id: account.id } },
  body: { name: "tour", scopes: ["all"] },
});
const program = createLatchkey({ baseUrl, token: key.token });
const { data: secrets } = await program.GET("/api/integrations/credentials/{credential_id}/credentials", {
  params: { path: { credential_id } },
});
console.log(`fetched: the values of ${secrets.username}`);

// Changed as it was read, and by nobody in between.
const path = "/api/integrations/credentials/{credential_id}";
const { response } = await latchkey.GET(path, { params: { path: { credential_id } } });
const change = (password) =>
  latchkey.PATCH(path, {
    params: { path: { credential_id }, header: { "If-Match": response.headers.get("etag") } },
    body: { credential_type: "user_password", credentials: { ...values, password } },
  });
const { data: changed } = await change("another one");
console.log(`changed: version ${changed.version}`);
try {
  await change("a third one");
} catch (error) {
  if (!(error instanceof LatchkeyError && error.code === "precondition_failed")) throw error;
  console.log(`conflict: ${error.status}, request ${error.requestId ? "named" : "unnamed"}`);
}

let count = 0;
for await (const { tags } of allCredentials(latchkey, { tag: "tour", limit: 1 }))
  count += tags.includes("tour") ? 1 : 0;
console.log(`listed: ${count > 0 ? "all pages" : "nothing"}`);

await latchkey.DELETE(path, { params: { path: { credential_id } } });
await latchkey.DELETE("/api/service-accounts/{id}", { params: { path: { id: account.id } } });
console.log("deleted");
