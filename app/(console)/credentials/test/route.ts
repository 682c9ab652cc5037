import { z } from "zod";
import { ndjsonStream } from "@/lib/api/http/json-endpoints";
import { testCredential } from "@/lib/credentials";
import { credentialTypes } from "@/lib/providers/define";

const type = z.enum(credentialTypes);
const values = z.record(z.string(), z.unknown());
const asEntered = z.boolean().optional();
const TestInput = z.union([
  z.strictObject({ provider: z.string(), type, data: values, asEntered }),
  z.strictObject({
    id: z.string(),
    type: type.optional(),
    change: z.strictObject({ mode: z.enum(["replace", "merge"]), values }).optional(),
    asEntered,
  }),
]);

/** Runs a connection test and tells each step as it ends. */
export const POST = ndjsonStream(TestInput, (actor, input, tell, signal) =>
  testCredential(actor, input, { onStep: (step) => tell({ step }), signal }),
);
