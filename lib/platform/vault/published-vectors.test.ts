import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { EncryptionContext } from "./encryption-context";
import { openWith, UnknownKey } from "./envelope";
import { wrappingKey } from "./wrapping-key";

interface Vector {
  name: string;
  outcome: "opens" | "altered" | "unknown_key" | "unknown_format" | "too_short";
  key: string;
  context: EncryptionContext;
  envelope: string;
  plain?: string;
}
const { vectors } = JSON.parse(readFileSync("docs/envelope/vectors.json", "utf8")) as { vectors: Vector[] };
const python = "/usr/bin/python3";

describe("the published envelopes", () => {
  test.each(vectors)("$name: $outcome, by the product", (vector) => {
    expect(byProduct(vector)).toEqual({ outcome: vector.outcome, plain: vector.plain });
  });

  test.each(vectors)("$name: $outcome, by the decoder in the documentation", (vector) => {
    expect(byDecoder(vector)).toEqual({ outcome: vector.outcome, plain: vector.plain });
  });

  test("know each outcome that the documentation names", () => {
    const page = readFileSync("docs/envelope-format.md", "utf8");
    const named = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, outcome]) => outcome);
    expect([...new Set(vectors.map(({ outcome }) => outcome))].sort()).toEqual(named.sort());
  });

  test("are opened by a decoder of forty lines", () => {
    const lines = readFileSync("docs/envelope/open.py", "utf8").split("\n").filter(Boolean);
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(execFileSync(python, ["-c", "import cryptography"]).toString()).toBe("");
  });
});

function byProduct({ key, envelope, context }: Vector) {
  const ring = { current: wrappingKey(key, "vector"), previous: undefined };
  try {
    return { outcome: "opens", plain: openWith(ring, Buffer.from(envelope, "hex"), context).toString("utf8") };
  } catch (error) {
    return { outcome: error instanceof UnknownKey ? "unknown_key" : OUTCOMES[(error as Error).message] };
  }
}

const OUTCOMES: Record<string, Vector["outcome"]> = {
  "sealed data is too short": "too_short",
  "sealed data has an unknown format": "unknown_format",
  "sealed data was altered or does not belong here": "altered",
};

function byDecoder(vector: Vector) {
  const ran = spawnSync(python, ["docs/envelope/open.py"], { input: JSON.stringify(vector), encoding: "utf8" });
  return ran.status === 0 ? { outcome: "opens", plain: ran.stdout } : { outcome: ran.stderr.trim() };
}
