import type { Call } from "@/lib/api/http/call";
import { messageOf } from "@/lib/api/wire/flowise/refuse";
import { credentialIdOf } from "@/lib/credentials";
import { Refusal } from "@/lib/platform/refusal";

/** @throws Refusal "not_found" in the words of these routes */
export async function idOf(actor: Call["actor"], given: string | undefined): Promise<string> {
  try {
    return await credentialIdOf(actor, given ?? "");
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "not_found")) throw error;
    throw new Refusal("not_found", "Credential not found");
  }
}

/** These routes answer a value that is missing in a shape of their own. */
export async function plainly<A>(work: () => Promise<A>) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "invalid")) throw error;
    return { status: 400 as const, body: { success: false as const, message: messageOf(error) } };
  }
}
