import { expect, test } from "vitest";
import { inSight, wholeOf } from "@/lib/platform/db";
import { tenant } from "@/test/tenant";
import { programsFromBefore } from ".";

test("names the programs that reach everything from before, until somebody decides, to who looks at programs", async () => {
  const { orgId, admin, auditor, user, program } = await tenant();
  expect(await programsFromBefore(admin)).toEqual([]);
  await inSight(wholeOf(orgId), (tx) => tx.accessGrant.updateMany({ where: { orgId }, data: { fromBefore: true } }));
  const named = { kind: "service_account", id: program.id, name: program.name };
  expect(await programsFromBefore(admin)).toEqual([named]);
  expect(await programsFromBefore(auditor)).toEqual([named]);
  await expect(programsFromBefore(user)).rejects.toMatchObject({ code: "forbidden" });
  expect(await programsFromBefore((await tenant()).admin)).toEqual([]);
});
