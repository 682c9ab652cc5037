import { credentialIdOf } from "@/lib/credentials";
import type { Answer, Call } from "@/lib/http/route";
import { Refusal } from "@/lib/refusal";
import { refuse } from "@/lib/wire/flowise/refuse";

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
export async function plainly(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "invalid")) throw error;
    const { body } = refuse(error);
    return { status: 400, body: { success: false, message: (body as { message: string }).message } };
  }
}
