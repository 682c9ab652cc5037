import { beforeAll, describe, expect, test } from "vitest";
import { type Tenant, tenant } from "@/test/tenant";
import { createGroup, findSubjects } from ".";

let own: Tenant;
beforeAll(async () => {
  own = await tenant();
  await createGroup(own.admin, { name: "Night shift", description: "Looks after the loads" });
});

describe("whom access can be given to", () => {
  test("is found by a part of the name, whatever its case", async () => {
    const [found, ...others] = await findSubjects(own.user, { kind: "group", text: "NIGHT" });
    expect(found).toMatchObject({ kind: "group", name: "Night shift", detail: "Looks after the loads" });
    expect(others).toEqual([]);
    expect(await findSubjects(own.user, { kind: "group", text: "day%" })).toEqual([]);
  });

  test("people are found by their address as well, and told apart by it", async () => {
    const found = await findSubjects(own.user, { kind: "user", text: own.other.name });
    expect(found).toEqual([expect.objectContaining({ id: own.other.id, detail: own.other.name })]);
  });

  test("is of one's own organisation", async () => {
    const other = await tenant();
    const found = await findSubjects(own.admin, { kind: "service_account" });
    expect(found.map(({ id }) => id)).toEqual([own.program.id]);
    expect(await findSubjects(own.admin, { kind: "user", text: other.user.name })).toEqual([]);
  });

  test("is told to nobody who gives no access", async () => {
    await expect(findSubjects(own.auditor, { kind: "user" })).rejects.toMatchObject({ code: "forbidden" });
  });
});
