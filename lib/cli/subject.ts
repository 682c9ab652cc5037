import "server-only";
import { type Command, Option } from "commander";
import { listGroups, type Subject } from "@/lib/access";
import type { Actor } from "@/lib/authorization/actor";
import { getPerson, userByEmail } from "@/lib/identity";
import { listServiceAccounts, serviceAccountsByIds } from "@/lib/identity/tokens";
import { Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";

/** Whom a command is about, as it is typed: one of these. */
export interface SubjectOptions {
  serviceAccount?: string;
  user?: string;
  group?: string;
}

/** Gives a command the options that name somebody. @param what what becomes of them, for its help */
export const withSubject = (command: Command, what: string): Command =>
  command
    .addOption(new Option("--service-account <name>", `the service account ${what}, by name or id`))
    .addOption(new Option("--user <email>", `the person ${what}, by e-mail address or id`).conflicts("serviceAccount"))
    .addOption(
      new Option("--group <name>", `the group of people ${what}, by name or id`).conflicts(["serviceAccount", "user"]),
    );

/** Who is meant; undefined where nobody is named. @throws Refusal "not_found" for a name of nobody */
export async function subjectNamed(actor: Actor, options: SubjectOptions): Promise<Subject | undefined> {
  const { serviceAccount, user, group } = options;
  if (serviceAccount !== undefined) return { kind: "service_account", id: await accountNamed(actor, serviceAccount) };
  if (user !== undefined) return { kind: "user", id: await personNamed(actor, user) };
  if (group !== undefined) return { kind: "group", id: await groupNamed(actor, group) };
  return undefined;
}

/** The same for a command that must be told. @throws Refusal "invalid" where nobody is named */
export async function requireSubjectNamed(actor: Actor, options: SubjectOptions): Promise<Subject> {
  const subject = await subjectNamed(actor, options);
  if (!subject) throw new Refusal("invalid", "Say who: --service-account NAME, --user EMAIL or --group NAME");
  return subject;
}

export async function accountNamed(actor: Actor, nameOrId: string): Promise<string> {
  const [account] = isUuid(nameOrId)
    ? await serviceAccountsByIds(actor, [nameOrId.toLowerCase()])
    : await listServiceAccounts(actor, { name: nameOrId });
  if (!account) throw new Refusal("not_found", "There is no service account of this name");
  return account.id;
}

export async function personNamed(actor: Actor, emailOrId: string): Promise<string> {
  const person = isUuid(emailOrId) ? getPerson(actor, emailOrId.toLowerCase()) : userByEmail(actor, emailOrId);
  return (await person.catch(rephrased("There is nobody of this e-mail address"))).id;
}

export async function groupNamed(actor: Actor, nameOrId: string): Promise<string> {
  const groups = await listGroups(actor);
  const group = groups.find(({ id, name }) => id === nameOrId.toLowerCase() || name === nameOrId.normalize("NFC"));
  if (!group) throw new Refusal("not_found", "There is no group of this name");
  return group.id;
}

/** Says what it was that is not there. */
export const rephrased =
  (message: string) =>
  (error: unknown): never => {
    throw error instanceof Refusal && error.code === "not_found" ? new Refusal("not_found", message) : error;
  };
