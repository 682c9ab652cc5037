import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import {
  createCredential,
  credentialFacets,
  credentialRotation,
  credentialTests,
  credentialUsage,
  deleteCredential,
  fetchSecret,
  getCredential,
  listCredentials,
  updateCredential,
} from "@/lib/credentials";
import { createServiceAccount, issueToken } from "@/lib/identity/tokens";
import { authenticateToken } from "@/lib/identity/tokens/authenticate";
import { platformActor } from "@/lib/organizations";
import { credentialHistory } from "@/lib/platform/audit/history";
import { inSight, wholeOf } from "@/lib/platform/db";
import { type Reach, type Right, reaches, rights, type SubjectKind, type TokenLimits } from "@/lib/vocabulary/access";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { createGroup, updateGroup } from "./groups";

/**
 * The rules of who reaches what, in a few lines, and every way to a credential beside them: whatever is granted to whom, each way
 * answers as the rules say, and for what is out of sight as for what is not there.
 */
interface Given extends Reach {
  to: Subject;
  right: Right;
  isOver: boolean;
}
type Subject = "user" | "other" | "group" | "program" | "second";
interface World {
  grants: Given[];
  members: ("user" | "other")[];
  limits: TokenLimits;
}
interface Kept {
  id: string;
  owner: "user" | "other" | undefined;
  kind: string;
  tags: string[];
}

const implied: Record<Right, Right[]> = {
  see: ["see"],
  use: ["see", "use"],
  edit: ["see", "edit"],
  manage: ["see", "edit", "manage"],
};
const roles: Record<string, Right[]> = { admin: ["manage"], auditor: ["see"] };

/** The model. */
function rightsBy(who: string, kept: Kept, { grants, members, limits }: World): Right[] {
  const [name, isNarrow] = who.endsWith("'s token") ? [who.slice(0, -8), true] : [who, false];
  const isOf = ({ to }: Given) => to === name || (to === "group" && (members as string[]).includes(name));
  const isOver = ({ reach, key }: Given) =>
    reach === "all" ||
    (reach === "credential" ? key === kept.id : reach === "kind" ? key === kept.kind : kept.tags.includes(key));
  const given = grants.filter((one) => !one.isOver && isOf(one) && isOver(one)).map(({ right }) => right);
  const held: Right[] = [...(roles[name] ?? []), ...given, ...(kept.owner === name ? (["manage"] as const) : [])];
  const all = rights.filter((right) => held.some((one) => implied[one].includes(right)));
  if (!isNarrow) return all;
  const within =
    (limits.credentialIds?.includes(kept.id) ?? true) &&
    (limits.kinds?.includes(kept.kind) ?? true) &&
    (limits.tags?.some((tag) => kept.tags.includes(tag)) ?? true);
  const most = limits.rights?.flatMap((right) => implied[right]) ?? rights;
  return within ? all.filter((right) => most.includes(right)) : [];
}

let own: Tenant;
let api: Api;
let kept: Kept[];
let groupId: string;
let actors: Record<string, Actor>;
let tokens: Record<string, string>;
let narrowId: string;
const idsOf: Record<string, string> = {};
beforeAll(async () => {
  [own, api] = [await tenant(), await startApi()];
  const system = platformActor("test-model", own.orgId);
  const second = await createServiceAccount(system, { name: `second ${randomUUID()}` });
  groupId = (await createGroup(own.admin, { name: "Group" })).id;
  const made = async (by: Actor, owner: Kept["owner"], tags: string[], what: object): Promise<Kept> => {
    const { id, provider } = await createCredential(by, { ...(what as object), tags, name: randomUUID() } as never);
    return { id, owner, kind: provider, tags };
  };
  const sftp = { provider: "sftp", type: "user_password", data: sftpValues() };
  const flowise = await api.send("POST", "/api/v1/credentials", {
    token: await own.token(own.user),
    body: { name: randomUUID(), credentialName: "openAIApi", plainDataObj: { openAIApiKey: "k" } },
  });
  kept = [
    await made(own.user, "user", [], sftp),
    await made(own.user, "user", ["a"], sftp),
    await made(own.other, "other", ["a", "b"], sftp),
    await made(own.other, "other", [], sftp),
    { id: flowise.body.id, owner: "user", kind: "openAIApi", tags: [] },
  ];
  actors = { user: own.user, other: own.other, admin: own.admin, auditor: own.auditor, program: own.program };
  actors.second = { ...own.program, id: second.id, name: second.name };
  Object.assign(idsOf, { user: own.user.id, other: own.other.id, group: groupId });
  Object.assign(idsOf, { program: own.program.id, second: second.id });
  tokens = {};
  for (const [name, actor] of Object.entries(actors)) tokens[name] = await own.token(actor);
  const owner = { kind: "service_account", id: own.program.id } as const;
  const narrow = await issueToken(system, { name: "narrow", scopes: ["all"], owner, limits: { rights: [] } });
  [narrowId, tokens["program's token"]] = [narrow.view.id, narrow.token];
});

const reachOf = fc.constantFrom(...reaches).chain((reach) =>
  fc.record({
    reach: fc.constant(reach),
    key:
      { credential: fc.nat(4).map(String), tag: fc.constantFrom("a", "b"), kind: fc.constantFrom("sftp", "openAIApi") }[
        reach as string
      ] ?? fc.constant(""),
  }),
);
const given = fc.record({
  to: fc.constantFrom<Subject>("user", "other", "group", "program", "second"),
  right: fc.constantFrom(...rights),
  isOver: fc.boolean().map((over) => over),
  over: reachOf,
});
const some = <T>(one: fc.Arbitrary<T>) => fc.option(fc.array(one, { maxLength: 3 }), { nil: undefined });
const world = fc.record({
  grants: fc.array(given, { maxLength: 12 }),
  members: fc.subarray<"user" | "other">(["user", "other"]),
  limits: fc.record({
    rights: some(fc.constantFrom(...rights)),
    credentialIds: some(fc.nat(4)),
    tags: some(fc.constantFrom("a", "b")),
    kinds: some(fc.constantFrom("sftp", "openAIApi")),
  }),
});

/** A token without any right sees nothing, whatever its owner sees. */
const NOTHING_LEFT: typeof world extends fc.Arbitrary<infer Drawn> ? Drawn : never = {
  grants: [{ to: "program", right: "see", isOver: false, over: { reach: "all", key: "" } }],
  members: [],
  limits: { rights: [], credentialIds: undefined, tags: undefined, kinds: undefined },
};

async function put({ grants, members, limits }: World): Promise<void> {
  const { orgId } = own;
  const kindOf = (to: Subject): SubjectKind =>
    to === "group" ? "group" : to === "program" || to === "second" ? "service_account" : "user";
  const add = members.map((name) => idsOf[name] ?? "");
  await updateGroup(own.admin, groupId, { add, remove: [own.user.id, own.other.id].filter((id) => !add.includes(id)) });
  await inSight(wholeOf(orgId), async (tx) => {
    await tx.accessGrant.deleteMany({ where: { orgId } });
    await tx.accessGrant.createMany({
      skipDuplicates: true,
      data: grants.map(({ to, reach, key, right, isOver }) => ({
        ...{
          orgId,
          id: randomUUID(),
          subjectKind: kindOf(to),
          subjectId: idsOf[to] ?? "",
          reach,
          reachKey: key,
          right,
        },
        credentialId: reach === "credential" ? key : null,
        expiresAt: isOver ? new Date(Date.now() - 1_000) : null,
        ...{ grantedBy: "test", grantedById: "test" },
      })),
    });
    const stated = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
    await tx.apiToken.update({ where: { orgId_id: { orgId, id: narrowId } }, data: { limits: stated as never } });
  });
}

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error) => (error.code === "forbidden" || error.code === "not_found" ? error.code : `failed: ${error}`),
  );
/** What is out of sight is not there; what is seen may be refused. */
const expected = (held: Right[], ...wanted: Right[]) =>
  held.length === 0 ? "not_found" : wanted.some((right) => held.includes(right)) ? "done" : "forbidden";
const statuses: Record<number, string> = { 200: "done", 304: "done", 403: "forbidden", 404: "not_found" };

test("every way to a credential answers as the rules say, whatever is granted, to whomever, within whatever limits", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      const idAt = (at: number | string) => kept[Number(at)]?.id ?? "";
      // One grant of each kind stands once, so that the last word about its end is the only one.
      const distinct = new Map(
        drawn.grants.map(({ over, ...one }) => {
          const key = over.reach === "credential" ? idAt(over.key) : over.key;
          return [[one.to, over.reach, key, one.right].join(), { ...one, ...over, key } as Given];
        }),
      );
      const { credentialIds, ...limits } = drawn.limits;
      const state: World = {
        ...drawn,
        grants: [...distinct.values()],
        limits: { ...limits, ...(credentialIds && { credentialIds: credentialIds.map(idAt) }) },
      };
      await put(state);
      const narrow = await authenticateToken(tokens["program's token"] ?? "", "test", "192.0.2.9");
      // What a process remembers of a token's limits may be half a second old; the database's own look is not.
      const limitsNow = { reach: true, ...(state.limits.rights && { rights: state.limits.rights }) };
      const all = { ...actors, "program's token": { ...narrow, limits: limitsNow } };
      for (const [who, actor] of Object.entries(all)) {
        const held = new Map(kept.map((one) => [one.id, rightsBy(who, one, state)]));
        const seen = kept.filter(({ id }) => held.get(id)?.length).map(({ id }) => id);
        const listed = (await listCredentials(actor, { limit: 100 })).items;
        expect(listed.map(({ id }) => id).sort(), `list of ${who}`).toEqual([...seen].sort());
        expect(new Map(listed.map((one) => [one.id, one.rights])), `rights of ${who}`).toEqual(
          new Map(listed.map(({ id }) => [id, held.get(id)])),
        );
        expect((await credentialFacets(actor)).total, `facets of ${who}`).toBe(seen.length);
        const found = (await listCredentials(actor, { q: "sftp", limit: 100 })).items.map(({ id }) => id);
        expect(
          found.every((id) => seen.includes(id)),
          `search of ${who}`,
        ).toBe(true);
        const isProgram = actor.kind === "service_account";
        for (const { id } of kept) {
          const has = held.get(id) ?? [];
          const looks = { getCredential, credentialTests, credentialUsage, credentialRotation, credentialHistory };
          for (const [name, look] of Object.entries(looks)) {
            expect(await outcome(look(actor, id)), `${name} by ${who}`).toBe(expected(has, "see"));
          }
          if (isProgram) expect(await outcome(fetchSecret(actor, id)), `fetch by ${who}`).toBe(expected(has, "use"));
          if (who === "auditor") continue;
          expect(await outcome(updateCredential(actor, id, {})), `update by ${who}`).toBe(expected(has, "edit"));
          if (has.includes("manage")) continue;
          expect(await outcome(deleteCredential(actor, id)), `delete by ${who}`).toBe(expected(has, "manage"));
        }
      }
      for (const [who, actor] of Object.entries(actors)) {
        const token = tokens[who];
        const held = new Map(kept.map((one) => [one.id, rightsBy(who, one, state)]));
        const seen = kept.filter(({ id }) => held.get(id)?.length).map(({ id }) => id);
        const native = await api.send("GET", "/api/integrations/credentials?limit=100", { token });
        const flowise = await api.send("GET", "/api/v1/credentials", { token });
        // That list is a person's own ones, as its contract has it.
        const own = kept.filter(({ owner }) => owner === who).map(({ id }) => id);
        const ids = ({ body }: { body: Kept[] }) => body.map(({ id }) => id).sort();
        expect(ids(native), `list of ${who}`).toEqual([...(actor.kind === "user" ? own : seen)].sort());
        expect(ids(flowise), `Flowise's list of ${who}`).toEqual([...seen].sort());
        for (const { id } of kept) {
          const has = held.get(id) ?? [];
          const path = `/api/integrations/credentials/${id}`;
          const got = await api.send("GET", path, { token });
          expect(statuses[got.status], `GET by ${who}`).toBe(expected(has, "see"));
          const absent = await api.send("GET", `/api/integrations/credentials/${randomUUID()}`, { token });
          if (got.status === 404)
            expect(got.body.error?.message ?? got.text).toBe(absent.body.error?.message ?? absent.text);
          // What it answers is for a form, so it is for roles that may change something.
          if (who === "auditor") continue;
          const byFlowise = await api.send("GET", `/api/v1/credentials/${id}`, { token });
          expect(byFlowise.status === 200, `Flowise's GET by ${who}`).toBe(has.includes("see"));
          if (actor.kind !== "service_account") continue;
          const fetched = await api.send("GET", `${path}/credentials`, { token });
          expect(statuses[fetched.status], `fetch over HTTP by ${who}`).toBe(expected(has, "use"));
        }
      }
    }),
    { numRuns: 12, examples: [[NOTHING_LEFT]] },
  );
}, 300_000);
