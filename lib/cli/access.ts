import "server-only";
import { Command } from "commander";
import {
  accessOfSubject,
  accessToCredential,
  type CredentialAccess,
  type HeldGrant,
  type SubjectAccess,
} from "@/lib/access";
import { inside, say } from "./context";
import { credentialNamed, overWhat } from "./grant";
import { requireSubjectNamed, type SubjectOptions, withSubject } from "./subject";

interface Common {
  organization?: string;
  json?: boolean;
}

export const accessCommand = (): Command =>
  new Command("access")
    .description("Who can use a credential, and what somebody can use")
    .addCommand(whoCommand())
    .addCommand(whatCommand());

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
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print it as JSON")
    .action(async (options: Common & SubjectOptions) => {
      const actor = await inside(options.organization);
      const access = await accessOfSubject(actor, await requireSubjectNamed(actor, options));
      say(options.json, access, whatLines(access).join("\n"));
    });

const whatLines = ({ grants, used }: SubjectAccess): string[] => [
  ...(grants.length > 0 ? grants.map(heldLine) : ["Nothing is granted to them."]),
  ...used.map(({ id, name, usedAt, changedAt }) =>
    [
      "worked with",
      id,
      name,
      ...(usedAt ? [`used ${usedAt}`] : []),
      ...(changedAt ? [`changed ${changedAt}`] : []),
    ].join("\t"),
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
