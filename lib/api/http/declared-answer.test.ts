import { expect, test } from "vitest";
import { z } from "zod";
import { requireDeclared } from "./declared-answer";

const operation = {
  id: "readThing",
  tag: "Things",
  summary: "Read a thing",
  answers: { 200: { description: "It.", body: z.strictObject({ name: z.string() }) }, 204: { description: "None." } },
};

test("an answer that its operation does not declare is a fault, which names the place and never the value", () => {
  const wrong = [
    [{ status: 201, body: { name: "a" } }, "readThing declares no answer with status 201"],
    [{ status: 200, body: { name: 7 } }, "readThing declares another body: name (invalid_type)"],
    [{ status: 200, body: { name: "a", more: "unseen" } }, "readThing declares another body:  (unrecognized_keys)"],
    [{ status: 200 }, "readThing declares another body:  (invalid_type)"],
    [{ status: 200, text: "unseen" }, "readThing declares another kind of body"],
    [{ status: 204, body: {} }, "readThing declares no body"],
  ] as const;
  for (const [answer, message] of wrong) expect(() => requireDeclared(operation, answer)).toThrow(new Error(message));
});

test("what is declared passes", () => {
  expect(() => requireDeclared(operation, { status: 200, body: { name: "a" } })).not.toThrow();
  expect(() => requireDeclared(operation, { status: 204 })).not.toThrow();
});
