import "server-only";
import { randomBytes } from "node:crypto";
import { systemActor } from "@/lib/actor";
import { statement } from "@/lib/db";
import { hmac } from "@/lib/keys";
import { cleanName } from "@/lib/names";
import { Refusal } from "@/lib/refusal";
import { sameBytes } from "@/lib/vault";
import { createOrganization, isEmpty, platformActor } from "./organizations";
import { hashPassword } from "./password";
import { createUser } from "./users";
import { cleanEmail, type UserView } from "./view";

/**
 * The first way in. While the database holds no organisation, each start prints a link with a fresh one-time token;
 * the page behind it makes the first organisation and its administrator, and is closed for ever afterwards.
 */
export interface FirstOrganization {
  organization: string;
  email: string;
  name?: string | undefined;
  password: string;
}

/** A fresh set-up token, replacing any earlier one; null when the installation is set up. */
export async function issueSetupToken(): Promise<string | null> {
  if (!(await isEmpty())) return null;
  const token = randomBytes(32).toString("base64url");
  await statement(
    "issue_setup_token",
    `INSERT INTO setup_token (id, digest) VALUES (1, $1)
     ON CONFLICT (id) DO UPDATE SET digest = $1, created_at = now() WHERE setup_token.used_at IS NULL`,
    [hmac("setup-token", token)],
  );
  return token;
}

/** True when this token opens the set-up page now. */
export async function isSetupToken(token: string): Promise<boolean> {
  const [row] = await statement<{ digest: Buffer }>(
    "setup_token",
    "SELECT digest FROM setup_token WHERE id = 1 AND used_at IS NULL",
    [],
  );
  return row !== undefined && sameBytes(row.digest, hmac("setup-token", token)) && (await isEmpty());
}

/**
 * Makes the first organisation and its administrator, who is the platform's administrator as well.
 * @throws Refusal "not_found" when the token is not good (any more)
 */
export async function setUp(token: string, input: FirstOrganization, requestId: string): Promise<UserView> {
  if (!(await isSetupToken(token))) throw closed();
  // Judged before the token is spent: a password that is too short must not cost the only way in.
  await judge(input, "password");
  const spent = await statement(
    "spend_setup_token",
    "UPDATE setup_token SET used_at = now() WHERE id = 1 AND used_at IS NULL AND digest = $1 RETURNING id",
    [hmac("setup-token", token)],
  );
  if (spent.length === 0) throw closed();
  try {
    return await createFirst(input, requestId);
  } catch (error) {
    // Nothing was made: the link must go on working.
    if (await isEmpty())
      await statement("return_setup_token", "UPDATE setup_token SET used_at = NULL WHERE id = 1", []);
    throw error;
  }
}

/** Unattended first start: makes the organisation and administrator named by the settings. Does nothing later on. */
export async function setUpUnattended(input: FirstOrganization, requestId: string): Promise<boolean> {
  if (!(await isEmpty())) return false;
  await judge(input, "LATCHKEY_ADMIN_PASSWORD");
  await createFirst(input, requestId).catch(async (error: unknown) => {
    // Another instance was faster.
    if (!(error instanceof Refusal && error.code === "conflict")) throw error;
  });
  return true;
}

async function judge(input: FirstOrganization, passwordField: string): Promise<void> {
  cleanName(input.organization, "organization");
  cleanEmail(input.email);
  if (input.name !== undefined) cleanName(input.name);
  await hashPassword(input.password, passwordField);
}

async function createFirst(input: FirstOrganization, requestId: string): Promise<UserView> {
  const organization = await createOrganization(platformActor(requestId), { name: input.organization });
  return createUser(systemActor(organization.id, "set-up", requestId), {
    email: input.email,
    name: input.name,
    role: "backoffice",
    password: input.password,
  });
}

const closed = () => new Refusal("not_found", "This set-up link is not valid any more");
