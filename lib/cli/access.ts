import "server-only";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  accessOfSubject,
  accessOfToken,
  accessToCredential,
  blastRadius,
  type CredentialAccess,
  type ExposedCredential,
  type HeldGrant,
  narrowToUsed,
  previewNarrowing,
  type SubjectAccess,
  type TokenAccess,
  type UsedCredential,
} from "@/lib/access";
import { inside, say } from "./context";
import { credentialNamed, overWhat } from "./grant";
import { accountNamed, requireSubjectNamed, type SubjectOptions, subjectNamed, withSubject } from "./subject";

interface Common {
  organization?: string;
  json?: boolean;
}

export const accessCommand = (): Command =>
  new Command("access")
    .description("Who can use a credential, and what somebody can use")
    .addCommand(whoCommand())
    .addCommand(whatCommand())
    .addCommand(exposedCommand())
    .addCommand(narrowCommand());

const whoCommand = () =>
  new Command("who")
    .description("Say who may do what with a credential, by what, and when they last did.")
    .argument("<credential>", "its id")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print it as JSON")
    .action(async (credential: string, { organization, json }: Common) => {
      const actor = await inside(organization);
      const access = await accessToCredential(actor, await credentialNamed(actor, credential));
      say(json, access, whoLines(access).join("\n"));
    });

const whoLines = ({ reachers, roles }: CredentialAccess): string[] => [
  ...reachers.map(({ subject, rights, isOwner, grants, lastUsedAt }) =>
    [
      `${subject.kind} ${subject.name}`,
      rights.join(", "),
      `by ${[...(isOwner ? ["owning it"] : []), ...new Set(grants.map(overWhat))].join(", ")}`,
      lastUsed(lastUsedAt),
    ].join("\t"),
  ),
  ...roles.map(({ role, people, rights }) => [`role ${role} (${people})`, rights.join(", "), "by role"].join("\t")),
];

const whatCommand = () =>
  withSubject(
    new Command("what").description("Say what somebody may do, by which grants, and what they worked with."),
    "it is about",
  )
    .addOption(tokenOption("the API token it is about, by id"))
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print it as JSON")
    .action(async (options: Common & SubjectOptions & { token?: string }) => {
      const actor = await inside(options.organization);
      if (options.token !== undefined) {
        const access = await accessOfToken(actor, options.token);
        say(options.json, access, tokenLines(access).join("\n"));
        return;
      }
      const access = await accessOfSubject(actor, await requireSubjectNamed(actor, options));
      say(options.json, access, whatLines(access).join("\n"));
    });

const tokenOption = (what: string) => new Option("--token <id>", what).conflicts(["serviceAccount", "user", "group"]);

const tokenLines = ({ owner, credentials, hasMore }: TokenAccess): string[] => [
  `It acts as ${owner.kind} ${owner.name}.`,
  ...credentials.map(({ id, name, rights, usedAt, changedAt, isShared }) =>
    [
      id,
      name,
      rights.join(", "),
      ...workedWith({ usedAt, changedAt }),
      ...(isShared ? ["by it or another one"] : []),
    ].join("\t"),
  ),
  ...(hasMore ? ["And more."] : credentials.length === 0 ? ["It reaches no credential."] : []),
];

const workedWith = ({ usedAt, changedAt }: Pick<UsedCredential, "usedAt" | "changedAt">): string[] => [
  ...(usedAt ? [`used ${usedAt}`] : []),
  ...(changedAt ? [`changed ${changedAt}`] : []),
];

const exposedCommand = () =>
  new Command("exposed")
    .description("List the credentials whose present value somebody read or set, and that was not replaced since.")
    .addOption(tokenOption("by this API token"))
    .addOption(new Option("--service-account <name>", "by this service account, by name or id").conflicts("user"))
    .option("--user <email>", "by this person, by e-mail address or id")
    .option("--from <time>", "not before this time, in ISO form", timeIn)
    .option("--to <time>", "not after this time, in ISO form", timeIn)
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print it as JSON")
    .action(async ({ token, from, to, organization, json, ...named }: ExposedOptions) => {
      const actor = await inside(organization);
      const subject = await subjectNamed(actor, named);
      const by = token === undefined ? subject : { kind: "token" as const, id: token };
      const found = await blastRadius(actor, {
        ...(by && by.kind !== "group" && { by: { ...by, kind: by.kind } }),
        from,
        to,
      });
      const line = ({ id, name, how, times, lastAt }: ExposedCredential) => [id, name, how, times, lastAt].join("\t");
      say(json, found, found.length > 0 ? found.map(line).join("\n") : "Nothing that was not replaced since.");
    });

interface ExposedOptions extends Common, SubjectOptions {
  token?: string;
  from?: Date;
  to?: Date;
}

function timeIn(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError("Write a time such as 2026-11-30T09:00:00Z.");
  return at;
}

const narrowCommand = () =>
  new Command("narrow")
    .description(
      "Narrow a program from before to what it made use of in ninety days. Without --yes it only says to what.",
    )
    .requiredOption("--service-account <name>", "by name or id")
    .option("--yes", "do it")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print it as JSON")
    .action(async ({ serviceAccount, yes, organization, json }: Common & { serviceAccount: string; yes?: boolean }) => {
      const actor = await inside(organization);
      const id = await accountNamed(actor, serviceAccount);
      const narrowing = await (yes ? narrowToUsed(actor, id) : previewNarrowing(actor, id));
      const { replaced, kept, keeps } = narrowing;
      const lines = keeps.map((one) => [one.id, one.name, one.rights.join(", "), `last used ${one.lastAt}`].join("\t"));
      const head = `${yes ? "It keeps" : "It would keep"} ${kept} in the place of ${replaced} grants from before.`;
      say(json, narrowing, [head, ...lines].join("\n"));
    });

const whatLines = ({ grants, used }: SubjectAccess): string[] => [
  ...(grants.length > 0 ? grants.map(heldLine) : ["Nothing is granted to them."]),
  ...used.map(({ id, name, usedAt, changedAt }) =>
    ["worked with", id, name, ...workedWith({ usedAt, changedAt })].join("\t"),
  ),
];

const heldLine = ({ id, right, via, expiresAt, lastUsedAt, isQuiet, ...grant }: HeldGrant): string =>
  [
    id,
    right,
    overWhat(grant),
    ...(via ? [`by the group ${via.name}`] : []),
    ...(expiresAt ? [`until ${expiresAt}`] : []),
    right === "see" ? "leaves no trace" : lastUsed(lastUsedAt),
    ...(isQuiet ? ["could be taken away"] : []),
  ].join("\t");

const lastUsed = (at: string | null): string => (at ? `last used ${at}` : "not used in ninety days");
