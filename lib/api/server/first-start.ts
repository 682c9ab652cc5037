import "server-only";
import { randomUUID } from "node:crypto";
import { issueSetupToken, setUpUnattended } from "@/lib/organizations";
import type { Env } from "@/lib/platform/env";

/**
 * The way in to an empty vault: the administrator whom the settings name, else a link for whoever started us.
 * @returns the link, while nobody has set the vault up
 * @throws Error when only some of the three settings are there
 */
export async function firstStart(env: Env): Promise<string | undefined> {
  const { LATCHKEY_ADMIN_EMAIL: email, LATCHKEY_ADMIN_PASSWORD: password, LATCHKEY_ORGANIZATION: organization } = env;
  if (email && password && organization) {
    await setUpUnattended({ email, password, organization }, randomUUID());
    return undefined;
  }
  if (email || password || organization) {
    throw new Error(
      "Set LATCHKEY_ADMIN_EMAIL, LATCHKEY_ADMIN_PASSWORD and LATCHKEY_ORGANIZATION together, or none of them",
    );
  }
  const token = await issueSetupToken();
  return token === null ? undefined : `${env.PUBLIC_URL}/setup?token=${token}`;
}
