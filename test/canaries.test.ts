import fc from "fast-check";
import { expect, test } from "vitest";
import { Canaries } from "./canaries";

const marks = new Canaries();
const places = ["a password", "another password", "a token"];
for (const place of places) marks.secret(place);
marks.privateKey("a private key");
marks.lookFor("words", Buffer.from("The quick brown fox; über alles springt er."));
const needles = marks.spellings();

/** Each needle by itself, in the text as it is and in small letters. */
const searchedOneByOne = (text: string) =>
  needles.filter((one) => text.includes(one) || text.toLowerCase().includes(one));

/** Something between which a secret may stand: also the ends of other secrets, where a search could lose its place. */
const around = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.tuple(fc.constantFrom(...needles), fc.nat(60)).map(([needle, cut]) => needle.slice(0, cut)),
  fc.tuple(fc.constantFrom(...needles), fc.nat(60)).map(([needle, cut]) => needle.slice(cut)),
);
const texts = fc.tuple(around, fc.constantFrom("", ...needles), around, fc.constantFrom("", ...needles), around);

test("every secret is found wherever it stands, in every spelling and in capitals, and nothing else is", () => {
  for (const needle of needles) {
    expect(marks.foundIn(needle)).toHaveLength(1);
    expect(marks.foundIn(`x${needle}x`)).toEqual(marks.foundIn(needle));
    expect(marks.foundIn(needle.slice(1)).concat(marks.foundIn(needle.slice(0, -1)))).toEqual([]);
  }
  fc.assert(
    fc.property(texts, fc.boolean(), (parts, inCapitals) => {
      const text = inCapitals ? parts.join("").toUpperCase() : parts.join("");
      const expected = new Set(searchedOneByOne(text).flatMap((needle) => marks.foundIn(needle)));
      expect(new Set(marks.foundIn(text))).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

test("what could be met by chance cannot be looked for", () => {
  expect(() => marks.lookFor("a short word", Buffer.from("short"))).toThrow("Too short");
});
