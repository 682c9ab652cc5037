import { beforeAll, expect, test } from "vitest";
import { createCredential, updateCredential } from "@/lib/credentials";
import { createServiceAccount, issueToken, updateToken } from "@/lib/identity/tokens";
import { platformActor } from "@/lib/organizations";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { createGroup, grantAccess, takeAway, updateGroup } from "./index";

let own: Tenant;
let api: Api;
beforeAll(async () => {
  [own, api] = [await tenant(), await startApi()];
});

const made = async () =>
  (await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues() })).id;

/** Clients that fetch one after the other without a pause; each answer with whether it was asked for after the mark. */
function fetching(count: number, path: string, token: string) {
  let isMarked = false;
  let isOver = false;
  const answers: { after: boolean; status: number }[] = [];
  const client = async () => {
    while (!isOver) {
      const after = isMarked;
      const { status } = await api.send("GET", path, { token });
      answers.push({ after, status });
    }
  };
  const clients = Array.from({ length: count }, client);
  const enough = (is: (answer: { after: boolean; status: number }) => boolean) =>
    expect.poll(() => answers.filter(is).length, { timeout: 60_000 }).toBeGreaterThan(2 * count);
  return {
    before: () => enough(({ status }) => status === 200),
    mark: () => {
      isMarked = true;
    },
    async end() {
      await enough(({ after }) => after);
      isOver = true;
      await Promise.all(clients);
      return answers;
    },
  };
}

test("a grant that is taken away while 64 clients fetch gives nothing to anybody who asks after that", async () => {
  const id = await made();
  const system = platformActor("test-race", own.orgId);
  const program = await createServiceAccount(system, { name: "race" });
  const owner = { kind: "service_account", id: program.id } as const;
  const { token } = await issueToken(system, { name: "t", scopes: ["all"], owner });
  const [grant] = await grantAccess(own.user, { subject: owner, reach: "credential", key: id, rights: ["use"] });
  const clients = fetching(64, `/api/integrations/credentials/${id}/credentials`, token);
  await clients.before();
  await takeAway(own.user, grant?.id ?? "");
  clients.mark();
  const answers = await clients.end();
  expect(new Set(answers.filter(({ after }) => after).map(({ status }) => status))).toEqual(new Set([404]));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 404]));
});

test("a tag taken off, and a token narrowed here, hold for whoever asks after that", async () => {
  const id = (
    await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues(), tags: ["race"] })
  ).id;
  const system = platformActor("test-race", own.orgId);
  const program = await createServiceAccount(system, { name: "race by tag" });
  const owner = { kind: "service_account", id: program.id } as const;
  const { token, view } = await issueToken(system, { name: "t", scopes: ["all"], owner });
  await grantAccess(own.admin, { subject: owner, reach: "tag", key: "race", rights: ["use"] });
  const path = `/api/integrations/credentials/${id}/credentials`;
  for (const change of [
    () => updateToken(own.admin, view.id, { limits: { tags: ["another"] } }),
    () => updateToken(own.admin, view.id, { limits: null }),
    () => updateCredential(own.user, id, { tags: [] }),
  ]) {
    await change();
    const wanted = change.toString().includes("null") ? 200 : 404;
    expect((await api.send("GET", path, { token })).status).toBe(wanted);
  }
});

test("somebody who leaves a group has nothing by it any more", async () => {
  const id = await made();
  const group = await createGroup(own.admin, { name: "Leavers" });
  await grantAccess(own.user, {
    ...{ subject: { kind: "group", id: group.id }, reach: "credential", key: id },
    rights: ["edit"],
  });
  const token = await own.token(own.other);
  const look = async () => (await api.send("GET", `/api/integrations/credentials/${id}`, { token })).status;
  expect(await look()).toBe(404);
  await updateGroup(own.admin, group.id, { add: [own.other.id] });
  expect(await look()).toBe(200);
  await updateGroup(own.admin, group.id, { remove: [own.other.id] });
  expect(await look()).toBe(404);
});
