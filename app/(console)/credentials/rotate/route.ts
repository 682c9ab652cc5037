import { z } from "zod";
import { ndjsonStream } from "@/lib/api/http/json-endpoints";
import { rotateCredential } from "@/lib/credentials";

const RotateInput = z.strictObject({ id: z.string(), expectedVersion: z.number().int().min(1).optional() });

/** Begins a rotation, or goes on with the open one, and tells each step as it ends. Whoever stops watching stops nothing. */
export const POST = ndjsonStream(RotateInput, async (actor, { id, expectedVersion }, tell) => ({
  rotation: await rotateCredential(actor, id, { expectedVersion, onStep: (step) => tell({ step }) }),
}));
