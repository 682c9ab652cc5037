import { expect, test } from "vitest";
import { listCredentials } from "@/lib/credentials";
import { Refusal } from "@/lib/platform/refusal";
import { tenant } from "@/test/tenant";

test("whoever asks for many long pages waits behind themselves: a short one and a neighbour's are not held up", async () => {
  const [greedy, neighbour] = [await tenant(), await tenant()];
  let answered = 0;
  const many = Array.from({ length: 60 }, () =>
    listCredentials(greedy.admin, { limit: 1_000 }).finally(() => {
      answered += 1;
    }),
  );
  const settled = Promise.allSettled(many);
  const beside = [listCredentials(neighbour.admin, { limit: 1_000 }), listCredentials(greedy.admin, { limit: 100 })];
  expect((await Promise.all(beside)).map(({ items }) => items)).toEqual([[], []]);
  const refused = (await settled).flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(answered).toBe(60);
  // One is read, thirty wait.
  expect(refused).toHaveLength(29);
  for (const one of refused) expect([one instanceof Refusal, one.code]).toEqual([true, "too_many_requests"]);
});

test("a place is given back by whoever goes away", async () => {
  const { admin } = await tenant();
  const gone = Array.from({ length: 20 }, () =>
    listCredentials({ ...admin, signal: AbortSignal.abort() }, { limit: 1_000 }),
  );
  for (const one of await Promise.allSettled(gone)) expect(one.status).toBe("rejected");
  expect((await listCredentials(admin, { limit: 1_000 })).items).toEqual([]);
});
