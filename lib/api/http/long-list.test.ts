import { expect, test } from "vitest";
import { jsonText } from "./long-list";

test("a long list's text is what JSON.stringify makes of it, and others get their turn while it is written", async () => {
  const odd = [undefined, null, { a: undefined, b: [1] }, "x\u2028", Number.NaN];
  for (const length of [0, 1, 200, 201, 1_000]) {
    const list = Array.from({ length }, (_, at) => odd[at % odd.length]);
    expect(await jsonText(list)).toBe(JSON.stringify(list));
  }
  let turns = 0;
  const count = () => {
    turns += 1;
    immediate = setImmediate(count);
  };
  let immediate = setImmediate(count);
  await jsonText(Array.from({ length: 10_000 }, (_, at) => ({ at })));
  clearImmediate(immediate);
  expect(turns).toBeGreaterThan(40);
});

test("what is no list is written as it is", async () => {
  expect(await jsonText({ a: [1] })).toBe('{"a":[1]}');
  expect(await jsonText(null)).toBe("null");
});
