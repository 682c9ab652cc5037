import { describe, expect, test } from "vitest";
import { limitsOf, limitWords, typedLimits } from "@/components/tokens/limit-words";

describe("what a token is narrowed to", () => {
  test("comes out of the form as it went in", () => {
    const limits = {
      rights: ["use" as const],
      credentialIds: ["019ac0de-0000-7000-8000-000000000001"],
      tags: ["suppliers", "ledger"],
      kinds: ["postgresql"],
      networks: ["10.20.0.0/16"],
    };
    expect(limitsOf(typedLimits(limits))).toEqual(limits);
  });

  test("is nothing where nothing is chosen, and never an empty list, which would allow nothing", () => {
    expect(limitsOf(typedLimits(null))).toBeNull();
    expect(limitsOf({ ...typedLimits(null), tags: " , " })).toBeNull();
    expect(limitsOf({ ...typedLimits(null), networks: "10.0.0.0/8,\n" })).toEqual({ networks: ["10.0.0.0/8"] });
  });

  test("is told in words, an empty list as what it is", () => {
    expect(limitWords(null)).toEqual([]);
    expect(limitWords({ rights: [], credentialIds: ["a"], tags: ["x"], kinds: ["p", "q"] })).toEqual([
      "only nothing",
      "only 1 credential",
      "only tagged x",
      "only 2 kinds",
    ]);
  });
});
