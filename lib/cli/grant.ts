import "server-only";
import { Command, Option } from "commander";
import { type GrantView, grantAccess, listGrants, takeAway } from "@/lib/access";
import type { Actor } from "@/lib/authorization/actor";
import { credentialIdOf } from "@/lib/credentials";
import { Refusal } from "@/lib/platform/refusal";
import { type Reach, type Right, rights } from "@/lib/vocabulary/access";
import { inside, say } from "./context";
import { endOfSpan } from "./span";
import { rephrased, requireSubjectNamed, type SubjectOptions, subjectNamed, withSubject } from "./subject";

interface ReachOptions {
  credential?: string;
  tag?: string;
  kind?: string;
  everything?: boolean;
}

interface Common extends SubjectOptions {
  organization?: string;
  json?: boolean;
}

interface Add extends Common, ReachOptions {
  right: Right[];
  expires?: Date;
  reason?: string;
}

export const grantCommand = (): Command =>
  new Command("grant")
    .description("Grants: who may do what with which credential")
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(takeAwayCommand());

const addCommand = () =>
  withSubject(
    new Command("add").description("Grant rights to a service account, a person or a group. The grants are printed."),
    "it is granted to",
  )
    .addOption(new Option("--credential <id>", "over this credential").conflicts(["tag", "kind", "everything"]))
    .addOption(new Option("--tag <tag>", "over every credential with this tag").conflicts(["kind", "everything"]))
    .addOption(new Option("--kind <kind>", "over every credential of this kind").conflicts("everything"))
    .option("--everything", "over every credential of the organisation")
    .addOption(new Option("--right <right...>", "what they may do").choices(rights).makeOptionMandatory())
    .option("--expires <span>", "how long it holds, such as 12h, 90d or 1y; without it, until taken away", endOfSpan)
    .option("--reason <text>", "what it is for")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print the grants as JSON")
    .action(async (options: Add) => {
      const actor = await inside(options.organization);
      const subject = await requireSubjectNamed(actor, options);
      const { right: rights, expires: expiresAt, reason } = options;
      const made = await grantAccess(actor, { ...(await reachOf(actor, options)), subject, rights, expiresAt, reason });
      say(options.json, made, made.map(lineOf).join("\n"));
    });

async function reachOf(actor: Actor, { credential, tag, kind, everything }: ReachOptions): Promise<Reach> {
  if (credential !== undefined) return { reach: "credential", key: await credentialNamed(actor, credential) };
  if (tag !== undefined) return { reach: "tag", key: tag };
  if (kind !== undefined) return { reach: "kind", key: kind };
  if (everything) return { reach: "all", key: "" };
  throw new Refusal("invalid", "Say over what: --credential ID, --tag TAG, --kind KIND or --everything");
}

/** The credential with this id, or with the one that it brought along from another system. @throws Refusal "not_found" */
export const credentialNamed = (actor: Actor, id: string): Promise<string> =>
  credentialIdOf(actor, id).catch(rephrased("There is no credential with this id"));

const listCommand = () =>
  withSubject(new Command("list").description("List grants, the newest first, one to a line."), "they are given to")
    .option("--credential <id>", "those over this credential by its id")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print the grants as JSON")
    .action(async (options: Common & { credential?: string }) => {
      const actor = await inside(options.organization);
      const subjectId = (await subjectNamed(actor, options))?.id;
      const credentialId =
        options.credential === undefined ? undefined : await credentialNamed(actor, options.credential);
      const grants: GrantView[] = [];
      let cursor: string | undefined;
      do {
        const page = await listGrants(actor, { subjectId, credentialId, limit: 1_000, cursor });
        grants.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      say(options.json, grants, grants.map(lineOf).join("\n") || "There are none.");
    });

const takeAwayCommand = () =>
  new Command("take-away")
    .description("Take a grant away, from the next request on.")
    .argument("<id>", "as grant add and grant list show it")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print the outcome as JSON")
    .action(async (id: string, { organization, json }: Common) => {
      await takeAway(await inside(organization), id).catch(rephrased("There is no grant with this id: see grant list"));
      say(json, { id, done: "take-away" }, "Done.");
    });

const lineOf = ({ id, subject, right, expiresAt, fromBefore, ...grant }: GrantView): string =>
  [
    id,
    `${subject.kind} ${subject.name}`,
    right,
    overWhat(grant),
    ...(expiresAt ? [`until ${expiresAt}`] : []),
    ...(fromBefore ? ["from before"] : []),
  ].join("\t");

/** How a reach is said in one line. */
export const overWhat = ({ reach, reachName }: Pick<GrantView, "reach" | "reachName">): string =>
  reach === "all" ? reachName : `${reach} ${reachName}`;
