import "server-only";
import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { systemActor } from "@/lib/authorization/actor";
import { insertPerson, newRow } from "@/lib/identity/users/users";
import { targetOf, type UserView, viewOf } from "@/lib/identity/users/view";
import { record } from "@/lib/platform/audit";
import { inOrganization, statement, type Transaction } from "@/lib/platform/db";
import { hmac } from "@/lib/platform/keys";
import { cleanName } from "@/lib/platform/names";
import { Refusal } from "@/lib/platform/refusal";
import { sameBytes } from "@/lib/platform/vault";
import { insertOrganization, isEmpty, platformActor } from "./organizations";

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
 * Makes the first organisation and its administrator, who is the platform's administrator as well. The link is spent with
 * it, in one transaction: cut off anywhere, both are there or the link works as before.
 * @throws Refusal "not_found" when the token is not good (any more)
 */
export async function setUp(token: string, input: FirstOrganization, requestId: string): Promise<UserView> {
  if (!(await isSetupToken(token))) throw closed();
  return createFirst(input, { requestId, passwordField: "password" }, async (tx) => {
    const spent = await tx.$executeRaw`
      UPDATE setup_token SET used_at = now() WHERE id = 1 AND used_at IS NULL AND digest = ${new Uint8Array(hmac("setup-token", token))}`;
    if (spent === 0) throw closed();
  });
}

/**
 * Unattended first start: makes the organisation and administrator named by the settings.
 * @returns false, with nothing done, when the installation is set up: long ago, or by another instance just now
 */
export async function setUpUnattended(input: FirstOrganization, requestId: string): Promise<boolean> {
  if (!(await isEmpty())) return false;
  try {
    await createFirst(input, { requestId, passwordField: "LATCHKEY_ADMIN_PASSWORD" }, async () => undefined);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") return false;
    throw error;
  }
}

/** Judges what was entered, then makes all of it in one transaction. @throws Refusal "not_found" when it is there already */
async function createFirst(
  input: FirstOrganization,
  { requestId, passwordField }: { requestId: string; passwordField: string },
  spend: (tx: Transaction) => Promise<void>,
): Promise<UserView> {
  const organization = { id: uuidv7(), name: cleanName(input.organization, "organization"), active: true };
  const actor = systemActor(organization.id, "set-up", requestId);
  if (input.name !== undefined) cleanName(input.name);
  const { email, name, password } = input;
  const person = await newRow({ email, name, role: "backoffice", password }, actor, passwordField);
  return inOrganization(organization.id, async (tx) => {
    const [answer] = await tx.$queryRaw<{ empty: boolean }[]>`SELECT claim_set_up() AS empty`;
    if (!answer?.empty) throw closed();
    await spend(tx);
    await insertOrganization(tx, platformActor(requestId), organization);
    const created = await insertPerson(tx, actor, person, false);
    await record(tx, actor, { action: "user.created", target: targetOf(created) });
    return viewOf(tx, created);
  });
}

const closed = () => new Refusal("not_found", "This set-up link is not valid any more");
