import { expect, test } from "vitest";
import { tenant } from "@/test/tenant";
import { createGroup, groupsOfPerson, updateGroup } from ".";

test("names the groups that somebody is in, to who looks at groups of that organisation", async () => {
  const { admin, user } = await tenant();
  const [{ id }] = [await createGroup(admin, { name: "Loads" }), await createGroup(admin, { name: "Others" })];
  await updateGroup(admin, id, { add: [user.id] });
  expect(await groupsOfPerson(admin, user.id)).toEqual([{ id, name: "Loads" }]);
  expect(await groupsOfPerson(admin, "nobody")).toEqual([]);
  await expect(groupsOfPerson(user, user.id)).rejects.toMatchObject({ code: "forbidden" });
  expect(await groupsOfPerson((await tenant()).admin, user.id)).toEqual([]);
});
