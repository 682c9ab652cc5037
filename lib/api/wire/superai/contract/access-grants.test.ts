import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { grantAccess } from "@/lib/access";
import { createCredential } from "@/lib/credentials";
import { createServiceAccount, issueToken } from "@/lib/identity/tokens";
import { platformActor } from "@/lib/organizations";
import { type Api, type Sent, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

/** Who may see, give and take which grants; the owner is `own.user`, to whom nothing was granted. */
const who = ["nobody", "org_admin", "auditor", "owner", "manager", "reader", "stranger", "foreign", "program"] as const;
type Who = (typeof who)[number];

let api: Api;
let own: Tenant;
const tokens = {} as Record<Who, string | undefined>;
const GRANTS = "/api/access/grants";
const system = () => platformActor("test-request", own.orgId);
beforeAll(async () => {
  [api, own] = [await startApi(), await tenant()];
  const away = await tenant();
  Object.assign(tokens, {
    org_admin: await own.token(own.admin),
    auditor: await own.token(own.auditor),
    owner: await own.token(own.user),
    manager: await own.token(own.other),
    foreign: await away.token(away.admin),
    program: await own.token(own.program),
  });
  reader = await own.person("app_user");
  tokens.reader = await own.token(reader);
  tokens.stranger = await own.token(await own.person("app_user"));
});
let reader: Tenant["user"];

const send = (method: string, path: string, as: Who, more: Sent = {}) =>
  api.send(method, path, { token: tokens[as], ...more });

/** A credential of the owner, which one more person manages and another one sees, and a program that nothing is granted. */
async function something(more: { tags?: string[] } = {}) {
  const { id } = await createCredential(own.user, {
    ...{ provider: "sftp", type: "user_password", data: sftpValues(), name: `S ${randomUUID()}` },
    ...more,
  });
  const over = { reach: "credential", key: id } as const;
  const to = (actor: Tenant["user"]) => ({ kind: "user", id: actor.id }) as const;
  await grantAccess(own.admin, { ...over, subject: to(own.other), rights: ["manage"] });
  const [seen] = await grantAccess(own.admin, { ...over, subject: to(reader), rights: ["see"] });
  const account = await createServiceAccount(system(), { name: `P ${randomUUID()}` });
  return { id, account: account.id, seen: seen?.id ?? "" };
}

const use = (credential: string, account: string, more: object = {}) => ({
  ...{ subject_type: "service_account", subject_id: account, reach: "credential", key: credential, rights: ["use"] },
  ...more,
});

describe("POST /access/grants", () => {
  test.each<[Who, number]>([
    ["nobody", 401],
    ["org_admin", 201],
    ["auditor", 403],
    ["owner", 201],
    ["manager", 201],
    ["reader", 403],
    ["stranger", 404],
    ["foreign", 404],
    ["program", 403],
  ])("over a credential is %s's to do: %i", async (as, status) => {
    const { id, account } = await something();
    const answer = await send("POST", GRANTS, as, { body: use(id, account, { reason: "Nightly" }) });
    expect(answer.status, answer.text).toBe(status);
    if (status !== 201) return;
    expect(answer.body).toEqual([
      expect.objectContaining({ subject_id: account, right: "use", key: id, reason: "Nightly", expires_at: null }),
    ]);
  });

  test("lets the program fetch from then on, and what is taken away lets it no more", async () => {
    const { id, account } = await something();
    const key = (await send("POST", `/api/service-accounts/${account}/api-keys`, "org_admin", { body: { name: "k" } }))
      .body;
    const fetched = () => api.send("GET", `/api/integrations/credentials/${id}/credentials`, { token: key.token });
    expect((await fetched()).status).toBe(404);
    const [made] = (await send("POST", GRANTS, "owner", { body: use(id, account) })).body;
    expect((await fetched()).status).toBe(200);
    expect((await send("DELETE", `${GRANTS}/${made.id}`, "owner")).status).toBe(204);
    expect((await fetched()).status).toBe(404);
  });

  test("over tags, kinds and everything is the administrators'", async () => {
    const { account } = await something();
    for (const [reach, key] of [
      ["tag", "production"],
      ["kind", "sftp"],
      ["all", ""],
    ])
      for (const [as, status] of [
        ["org_admin", 201],
        ["owner", 403],
        ["manager", 403],
      ] as const) {
        const answer = await send("POST", GRANTS, as, { body: use(key ?? "", account, { reach }) });
        expect(answer.status, `${as} ${reach}: ${answer.text}`).toBe(status);
      }
  });

  test("is done once for an Idempotency-Key", async () => {
    const { id, account } = await something();
    const sent = { body: use(id, account), headers: { "idempotency-key": randomUUID() } };
    const [first, again] = [await send("POST", GRANTS, "owner", sent), await send("POST", GRANTS, "owner", sent)];
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
    expect(again.body).toEqual(first.body);
  });

  test("names what is wrong, and never what was sent", async () => {
    const { id, account } = await something();
    const odd = "odd-word-that-was-sent";
    for (const [more, status, loc] of [
      [{ rights: [odd] }, 422, ["body", "rights", 0]],
      [{ rights: [] }, 422, ["body", "rights"]],
      [{ reach: odd }, 422, ["body", "reach"]],
      [{ key: odd }, 400, ["body", "key"]],
      [{ reach: "all", key: odd }, 400, ["body", "key"]],
      [{ reach: "tag", key: " " }, 400, ["body", "key"]],
      [{ subject_id: odd }, 422, ["body", "subject_id"]],
      [{ subject_id: randomUUID() }, 400, ["body", "subject_id"]],
      [{ subject_type: "group" }, 400, ["body", "subject_id"]],
      [{ expires_at: "2001-01-01T00:00:00Z" }, 400, ["body", "expires_at"]],
      [{ subject_name: odd }, 422, ["body", "subject_name"]],
    ] as const) {
      const answer = await send("POST", GRANTS, "org_admin", { body: use(id, account, more) });
      expect([answer.status, answer.body.error.details?.[0]?.loc], JSON.stringify(more)).toEqual([status, loc]);
      expect(answer.text).not.toContain(odd);
    }
  });

  test("knows nobody of another organisation", async () => {
    const away = await tenant();
    const { id } = await something();
    const foreign = await send("POST", GRANTS, "org_admin", { body: use(id, away.program.id) });
    const nobody = await send("POST", GRANTS, "org_admin", { body: use(id, randomUUID()) });
    expect([foreign.status, foreign.body.error]).toEqual([nobody.status, nobody.body.error]);
  });
});

describe("DELETE /access/grants/{id}", () => {
  test.each<[Who, number]>([
    ["nobody", 401],
    ["org_admin", 204],
    ["auditor", 403],
    ["owner", 204],
    ["manager", 204],
    ["stranger", 404],
    ["foreign", 404],
    ["program", 403],
  ])("is %s's to do: %i", async (as, status) => {
    const { id, account } = await something();
    const [made] = (await send("POST", GRANTS, "org_admin", { body: use(id, account) })).body;
    const answer = await send("DELETE", `${GRANTS}/${made.id}`, as);
    expect(answer.status, answer.text).toBe(status);
  });

  test("is 403 for who sees the credential alone, who may give their own back, and 404 the second time", async () => {
    const { id, account, seen } = await something();
    const [made] = (await send("POST", GRANTS, "org_admin", { body: use(id, account) })).body;
    expect((await send("DELETE", `${GRANTS}/${made.id}`, "reader")).status).toBe(403);
    expect((await send("DELETE", `${GRANTS}/${seen}`, "reader")).status).toBe(204);
    expect((await send("DELETE", `${GRANTS}/${seen}`, "reader")).status).toBe(404);
    expect((await send("DELETE", `${GRANTS}/${randomUUID()}`, "org_admin")).status).toBe(404);
    expect((await send("DELETE", `${GRANTS}/no-id`, "org_admin")).status).toBe(400);
  });
});

describe("GET /access/grants", () => {
  const over = (id: string) => `${GRANTS}?credential_id=${id}`;

  test.each<[Who, number, string[]]>([
    ["org_admin", 200, ["manage", "see", "use"]],
    ["auditor", 200, ["manage", "see", "use"]],
    ["owner", 200, ["manage", "see", "use"]],
    ["manager", 200, ["manage", "see", "use"]],
    ["reader", 200, ["see"]],
    ["program", 200, ["manage", "see", "use"]],
    ["stranger", 404, []],
    ["foreign", 404, []],
  ])("of a credential shows %s what is theirs to see: %i %j", async (as, status, rights) => {
    const { id, account } = await something();
    await send("POST", GRANTS, "org_admin", { body: use(id, account) });
    const answer = await send("GET", over(id), as);
    expect(answer.status, answer.text).toBe(status);
    if (status === 200) expect(answer.body.map(({ right }: { right: string }) => right).sort()).toEqual(rights);
  });

  test("shows a stranger what was given to them and their groups, and nothing else", async () => {
    const { id } = await something({ tags: ["shared"] });
    const person = await own.person("app_user");
    const token = await own.token(person);
    const group = (await send("POST", "/api/access/groups", "org_admin", { body: { name: `G ${randomUUID()}` } })).body;
    await send("PATCH", `/api/access/groups/${group.id}`, "org_admin", { body: { add: [person.id] } });
    expect((await api.send("GET", GRANTS, { token })).body).toEqual([]);
    await send("POST", GRANTS, "org_admin", {
      body: use(id, "", { subject_type: "group", subject_id: group.id, rights: ["see"] }),
    });
    await send("POST", GRANTS, "org_admin", {
      body: use("shared", "", { subject_type: "user", subject_id: person.id, reach: "tag", rights: ["manage"] }),
    });
    const seen = (await api.send("GET", GRANTS, { token })).body;
    const mine = seen.filter((one: { subject_id: string }) => [group.id, person.id].includes(one.subject_id));
    expect(mine.map(({ right, reach_name }: Record<string, string>) => [right, reach_name])).toEqual([
      ["manage", "shared"],
      ["see", expect.stringMatching(/^S /)],
    ]);
    // Managing by the tag shows whom else the credential was given to.
    const others = seen.filter((one: { id: string }) => !mine.some((two: { id: string }) => two.id === one.id));
    expect(others.every((one: { key: string }) => one.key === id)).toBe(true);
    expect(others.length).toBe(2);
  });

  test("of somebody shows theirs; comes in pages that lose and repeat nothing", async () => {
    const { account } = await something();
    for (const key of ["a", "b", "c", "d", "e"])
      await send("POST", GRANTS, "org_admin", { body: use(key, account, { reach: "tag", rights: ["see", "use"] }) });
    const path = `${GRANTS}?subject_id=${account}`;
    const whole = (await send("GET", path, "org_admin")).body;
    expect(whole).toHaveLength(10);
    const walked: unknown[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await send("GET", `${path}&limit=3${cursor && `&cursor=${cursor}`}`, "org_admin");
      walked.push(...page.body);
      cursor = page.headers.get("x-next-cursor");
    }
    expect(walked).toEqual(whole);
  });

  const position = (at: string) =>
    `cursor=${Buffer.from(JSON.stringify({ at, id: "018f0000-0000-7000-8000-000000000001" })).toString("base64url")}`;
  const noDay = ["2026-02-31T00:00:00.000000Z", "0000-01-01T00:00:00.000000Z", "2026-01-01T24:00:00.000000Z"];
  test.each([
    "cursor=nonsense",
    ...noDay.map(position),
    "limit=0",
    "limit=1001",
    "subject_id=x",
    "credential_id=x",
    "reach=tag",
  ])("refuses %s and names it", async (query) => {
    const answer = await send("GET", `${GRANTS}?${query}`, "org_admin");
    expect([answer.status, answer.body.error.details[0].loc[1]]).toEqual([400, query.split("=")[0]]);
  });
});

describe("a token that is narrowed", () => {
  const narrowed = async (limits: object) => {
    const body = { name: `n ${randomUUID()}`, limits };
    return (await send("POST", `/api/service-accounts/${own.program.id}/api-keys`, "org_admin", { body })).body.token;
  };

  test("to some credentials shows grants over those alone, and nothing of what else its owner reaches", async () => {
    const [one, other] = [await something(), await something()];
    const token = await narrowed({ credential_ids: [one.id] });
    const seen = (await api.send("GET", GRANTS, { token })).body;
    expect(new Set(seen.map(({ key }: { key: string }) => key))).toEqual(new Set([one.id]));
    expect((await api.send("GET", `${GRANTS}?credential_id=${other.id}`, { token })).status).toBe(404);
    expect((await api.send("GET", `/api/integrations/credentials/${other.id}/access`, { token })).status).toBe(404);
    const self = await api.send("GET", `/api/access/subjects/service_account/${own.program.id}`, { token });
    expect(self.status).toBe(403);
  });

  test("to a right does nothing that needs another", async () => {
    const { id } = await something();
    const token = await narrowed({ rights: ["use"] });
    const path = `/api/integrations/credentials/${id}`;
    expect((await api.send("GET", `${path}/credentials`, { token })).status).toBe(200);
    expect((await api.send("GET", `${path}/access`, { token })).body.own).toEqual(["see", "use"]);
    expect((await api.send("DELETE", path, { token })).status).toBe(403);
  });

  test("gives and takes no grants, whoever it acts as", async () => {
    const { id, account, seen } = await something();
    const owner = { kind: "user", id: own.admin.id } as const;
    const made = await issueToken(system(), { owner, name: "n", scopes: ["all"], limits: { rights: ["manage"] } });
    const token = made.token;
    expect((await api.send("POST", GRANTS, { token, body: use(id, account) })).status).toBe(403);
    expect((await api.send("DELETE", `${GRANTS}/${seen}`, { token })).status).toBe(403);
  });
});
