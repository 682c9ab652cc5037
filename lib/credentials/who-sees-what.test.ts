import { beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import {
  createCredential,
  credentialChangesSince,
  credentialFacets,
  credentialIdOf,
  credentialTests,
  credentialUsage,
  deleteCredential,
  fetchSecret,
  getCredential,
  listCredentials,
  updateCredential,
} from "./index";

/**
 * Who comes to a credential by which function where nothing is granted but everything to the program: it is there for its owner and for
 * those who look after all, changing is for them, and the secret is for programs alone.
 */
type Who = "owner" | "another user" | "administrator" | "auditor" | "program" | "unconfirmed" | "stranger";
let own: Tenant;
let actors: Record<Who, Actor>;
const seers: Who[] = ["owner", "administrator", "auditor", "program"];
const changers: Who[] = ["owner", "administrator", "program"];
const listed = async (actor: Actor, id: string) =>
  (await listCredentials(actor, { limit: 1_000 })).items.some((one) => one.id === id);

const functions: Record<string, { work: (actor: Actor, id: string) => Promise<unknown>; may: Who[] }> = {
  list: {
    work: async (actor, id) => (await listed(actor, id)) || Promise.reject(new Error("not listed")),
    may: seers,
  },
  facets: {
    work: async (actor) => (await credentialFacets(actor)).total > 0 || Promise.reject(new Error("none")),
    may: seers,
  },
  get: { work: getCredential, may: seers },
  "id of": { work: credentialIdOf, may: seers },
  tests: { work: credentialTests, may: seers },
  usage: { work: credentialUsage, may: seers },
  changes: { work: (actor, id) => credentialChangesSince(actor, id, 0), may: seers },
  update: { work: (actor, id) => updateCredential(actor, id, { tags: ["touched"] }), may: changers },
  delete: { work: (actor, id) => deleteCredential(actor, id), may: changers },
  fetch: { work: fetchSecret, may: ["program"] },
};

describe.each(Object.entries(functions))("%s", (_, { work, may }) => {
  beforeAll(async () => {
    own = await tenant();
    actors = {
      owner: own.user,
      "another user": own.other,
      administrator: own.admin,
      auditor: own.auditor,
      program: own.program,
      unconfirmed: { ...own.admin, role: "unconfirmed" },
      stranger: (await tenant()).admin,
    };
  });

  test.each(["owner", "another user", "administrator", "auditor", "program", "unconfirmed", "stranger"] as Who[])(
    "by %s",
    async (who) => {
      const { id } = await createCredential(own.user, {
        provider: "sftp",
        type: "user_password",
        data: sftpValues(),
        nameClash: "number",
      });
      const done = await work(actors[who], id).then(
        () => true,
        () => false,
      );
      expect(done).toBe(may.includes(who));
    },
  );
});
