import { expect, test } from "vitest";
import { ScramRounds } from "./scram-rounds";

const tooMany = (...pieces: string[]) => {
  const rounds = new ScramRounds();
  return pieces.map((piece) => rounds.areTooMany(Buffer.from(piece, "latin1"))).includes(true);
};

test.each([
  ["r=abc,s=c2FsdA==,i=1000001"],
  ["i=2000000000,r=abc,s=c2FsdA=="],
  ["r=abc,s=c2FsdA==,i=4096,i=99999999"],
  ["r=abc,i= \u00a0+0002000000"],
  ["ii=2000000"],
  ["r=abc,", "i", "=", "2", "00000", "0", "0"],
])("more rounds than are granted are seen in %j", (...pieces) => {
  expect(tooMany(...pieces)).toBe(true);
});

test.each([
  ["r=abc,s=c2FsdA==,i=1000000"],
  ["r=abc,s=c2FsdGi=,i=15000", "x=99999999"],
  ["i=-5000000"],
  ["i=4096,99999999"],
  ["i", "x=99999999"],
])("no more than are granted are seen in %j", (...pieces) => {
  expect(tooMany(...pieces)).toBe(false);
});
