import { beforeAll, describe, expect, test } from "vitest";
import { providers } from "@/lib/providers/index";
import { type Api, startApi } from "@/test/api";
import { type Tenant, tenant } from "@/test/tenant";

let api: Api;
let own: Tenant;
let tokens: string[];
beforeAll(async () => {
  api = await startApi();
  own = await tenant();
  tokens = await Promise.all([own.user, own.admin, own.auditor, own.program].map((actor) => own.token(actor)));
});

const get = (path: string, token = tokens[0]) => api.send("GET", path, { token });

describe("the list of plugins", () => {
  test.each(["/integrations/plugins/", "/integrations/plugins", "/plugins/", "/plugins"])(
    "is at %s, with and without /api, the same for everybody who is signed in",
    async (path) => {
      const [first, ...others] = await Promise.all(
        tokens.flatMap((token) => [get(path, token), get(`/api${path}`, token)]),
      );
      expect(first?.status, first?.text).toBe(200);
      for (const other of others) expect(other.body).toEqual(first?.body);
      expect((await api.send("GET", path)).status).toBe(401);
    },
  );

  test("holds every provider of the catalogue, with what can be done with it", async () => {
    const { body } = await get("/integrations/plugins/");
    expect(body.map((one: { name: string }) => one.name)).toEqual(providers().map(({ id }) => id));
    expect(body.find((one: { name: string }) => one.name === "sharepoint")).toEqual({
      name: "sharepoint",
      display_name: "SharePoint",
      description: expect.any(String),
      category: "storage",
      provider: "sharepoint",
      credential_types: expect.arrayContaining(["sharepoint_oauth"]),
      is_oauth: true,
      capabilities: expect.objectContaining({ oauth: true, sites: true, instances: true, execute: false }),
    });
  });
});

describe("the capabilities of a plugin", () => {
  test("say what can be done, and that nothing is executed", async () => {
    const { status, body } = await get("/integrations/plugins/sftp/capabilities");
    expect(status).toBe(200);
    expect(body).toEqual({
      credentials: true,
      test_connection: true,
      oauth: false,
      sites: false,
      drives: false,
      folders: false,
      instances: true,
      execute: false,
      poll: false,
      webhook: false,
      ui_schema: false,
    });
  });

  test("are the ones in the list, for each plugin, by its name in any case and by the contract's other name", async () => {
    const { body } = await get("/plugins");
    for (const { name, capabilities } of body.slice(0, 20))
      expect((await get(`/plugins/${name}/capabilities`)).body, name).toEqual(capabilities);
    const postgresql = (await get("/plugins/postgresql/capabilities")).body;
    for (const name of ["postgres", "PostgreSQL", "POSTGRES"])
      expect((await get(`/api/integrations/plugins/${name}/capabilities`)).body, name).toEqual(postgresql);
  });

  test.each(["nothing", "__proto__", "constructor", "toString", "%20"])("of %s are 404", async (name) => {
    const { status, body } = await get(`/integrations/plugins/${name}/capabilities`);
    expect([status, body?.error?.code]).toEqual([404, "not_found"]);
  });
});

test("the capabilities say of every plugin whether its accounts' sites, drives and folders can be listed", async () => {
  const { body } = await get("/plugins");
  for (const { name, capabilities } of body) {
    for (const what of ["sites", "drives", "folders"]) {
      for (const written of [name, name.toUpperCase()]) {
        const { status } = await get(`/integrations/plugins/${written}/${what}`);
        expect(status, `${written} ${what}`).toBe(capabilities[what] ? 400 : 404); // names no credential, or is not there
      }
    }
  }
});

test("what one plugin alone has is nobody else's, and is found in whatever way the plugin is named", async () => {
  const sites = (name: string) => get(`/integrations/plugins/${name}/sites`);
  expect((await sites("sftp")).status).toBe(404);
  expect((await sites("SharePoint")).status).toBe(400); // names no credential
  const tried = (name: string) =>
    api.send("POST", `/integrations/plugins/${name}/test-connection`, { token: tokens[0], body: {} });
  expect((await tried("postgresql")).status).toBe(422);
  expect((await tried("sftp")).status).toBe(404);
});
