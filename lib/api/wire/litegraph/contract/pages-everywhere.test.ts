import { beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, made } from "@/test/litegraph";

Object.assign(process.env, { LITEGRAPH_LISTS: "page", LATCHKEY_TENANTS_FOR_EMAIL: "true" });

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

test("an installation that has later clients alone answers every v1.0 list as a page at the root too", async () => {
  await made(api, door);
  for (const path of ["/v1.0/tenants", door.at("/users"), door.at("/credentials"), `${door.at("/users")}?guids=`]) {
    const { body } = await api.send("GET", path, { token: door.admin });
    expect(body, path).toMatchObject({ Success: true, EndOfResults: true, Objects: expect.any(Array) });
  }
});

test("the tenants of an address come as a page, which is what the later dashboard signs in by", async () => {
  const headers = { "x-email": door.own.admin.name };
  for (const path of ["/v1.0/token/tenants", "/litegraph/10/v1.0/token/tenants"]) {
    expect((await api.send("GET", path, { headers })).body).toMatchObject({
      TotalRecords: 1,
      EndOfResults: true,
      Objects: [{ GUID: door.own.orgId }],
    });
  }
});
