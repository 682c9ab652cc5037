import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { send, serving } from "@/test/gateway/front";
import { recordingConsole } from "@/test/gateway/recorder";
import { clearPath, isApiPath } from "./request-path";

const dots = ["..", ".", "%2e", "%2E%2e", ".%2e", "%2E."];

test("a path with segments of dots, backslashes or controls has no meaning", () => {
  for (const dot of dots) {
    for (const path of [`/x/${dot}/api/x`, `/${dot}`, `/x/${dot}`, `/x%2f${dot}%2fapi`, `/x/${dot}%2Fapi`]) {
      expect(clearPath(path), path).toBeUndefined();
    }
  }
  for (const path of ["/x\\..\\api", "/x%5c..%5capi", "/%5Capi", "/x%00", "/x%0aapi", "/x%7f"])
    expect(clearPath(path), path).toBeUndefined();
  for (const path of ["/", "/v1.0/tenants", "/a..b/c.", "/.well-known/x", "/credentials/a%20b%2Fc", "/api/x?y=/../z"])
    expect(clearPath(path), path).toBe(path.split("?")[0]);
});

const API = ["/api/integrations/credentials", "/integrations/catalog", "/plugins/x", "/v1.0/tenants", "/v2.0/tenants"];
/** Other spellings that some server takes for the same path. */
const spellings: ((path: string) => string)[] = [
  (path) => path,
  (path) => path.toUpperCase(),
  (path) => `/${path}`,
  (path) => path.replaceAll("/", "//"),
  (path) => path.replace(/^\/./, (start) => `/%${start.charCodeAt(1).toString(16)}`),
  (path) => `${path}/`,
  (path) => path.replace(/(?<=.)\//, "%2f"),
  (path) => path.replace(/^\/./, (start) => `/%25${start.charCodeAt(1).toString(16)}`),
];

describe("Next's copy of the API is out of reach", () => {
  test.each(API)("%s, however it is spelt", async (path) => {
    const console = await recordingConsole();
    const { port } = await serving({}, { console: console.socket });
    for (const spelt of spellings.map((spell) => spell(path))) {
      for (const method of ["GET", "POST"]) {
        const answer = await send(port, `${method} ${spelt}`, { headers: { host: "vault.example" } });
        expect([spelt, answer.status, answer.headers["content-type"]]).toEqual([spelt, 404, "application/json"]);
        expect(answer.json).toMatchObject({ error: { code: "not_found" }, request_id: expect.any(String) });
      }
    }
    expect(console.seen).toEqual([]);
  });

  test("by any path at all that decodes, folds or shrinks to one of the API's", () => {
    const piece = fc.constantFrom(
      "/",
      "//",
      "%2f",
      "api",
      "API",
      "%61pi",
      "a%70i",
      "x",
      "auth",
      "v1.0",
      "integrations",
      "..",
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        const path = clearPath(`/${pieces.join("")}`);
        if (path === undefined) return;
        const plain = decodeURIComponent(path).toLowerCase().replace(/\/+/g, "/");
        const inApi = /^\/(api|integrations|v1\.0)(\/|$)/.test(plain);
        const isSignIn = path.startsWith("/api/auth/");
        if (inApi && !isSignIn) expect(isApiPath(path), path).toBe(true);
      }),
    );
  });

  test("the console's own sign-in endpoints are the console's", () => {
    for (const name of [
      "csrf",
      "session",
      "signin",
      "signin/x",
      "callback/credentials",
      "signout",
      "providers",
      "error",
    ])
      expect(isApiPath(`/api/auth/${name}`), name).toBe(false);
    for (const path of ["/api/auth", "/api/auth/", "/API/auth/csrf", "/api/authorize", "/auth/v1/token"])
      expect(isApiPath(path), path).toBe(true);
    for (const name of ["anon-key", "anon-key/", "v1/token", "nothing", "csrfs", "constructor", "%63srf"])
      expect(isApiPath(`/api/auth/${name}`), name).toBe(true);
  });
});
