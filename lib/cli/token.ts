import "server-only";
import { Command, Option } from "commander";
import type { Actor } from "@/lib/authorization/actor";
import { issueToken, type NewToken, revokeTokens } from "@/lib/identity/tokens";
import { Refusal } from "@/lib/platform/refusal";
import { type Right, rights, type TokenLimits } from "@/lib/vocabulary/access";
import { type Scope, scopes } from "@/lib/vocabulary/permissions";
import { inside, say } from "./context";
import { credentialNamed } from "./grant";
import { endOfSpan } from "./span";
import { accountNamed, personNamed } from "./subject";

/** What it is narrowed to, within what its owner may do. */
interface LimitOptions {
  limitRight?: Right[];
  limitId?: string[];
  limitTag?: string[];
  limitKind?: string[];
  limitNetwork?: string[];
}

interface Options extends LimitOptions {
  user?: string;
  serviceAccount?: string;
  organization?: string;
  name: string;
  expires?: Date;
  scope: Scope[];
  json?: boolean;
}

export function tokenCommand(): Command {
  const create = new Command("create")
    .description("Make an API token. It is printed once, alone on standard output, and cannot be shown again.")
    .addOption(new Option("--user <email>", "the person it acts as").conflicts("serviceAccount"))
    .addOption(new Option("--service-account <name>", "the service account it acts as"))
    .option("--organization <name>", "needed when there are several organisations")
    .option("--name <name>", "what it is for", "command line")
    .option("--expires <span>", "how long it lives, such as 12h, 90d or 1y; without it, until revoked", endOfSpan)
    .addOption(new Option("--scope <scope...>", "what it may do").choices(scopes).default(["all"]))
    .addOption(new Option("--limit-right <right...>", "no other rights over credentials").choices(rights))
    .option("--limit-id <credential...>", "no other credentials than these")
    .option("--limit-tag <tag...>", "credentials with one of these tags alone")
    .option("--limit-kind <kind...>", "credentials of these kinds alone")
    .option("--limit-network <network...>", "sent from these networks alone, such as 10.0.0.0/8")
    .option("--json", "print token, id and expiry as JSON")
    .action(async (options: Options) => {
      const actor = await inside(options.organization);
      const owner = await ownerOf(actor, options);
      const { name, expires, scope } = options;
      const limits = await limitsOf(actor, options);
      const { token, view } = await issueToken(actor, { owner, name, expiresAt: expires, scopes: scope, limits });
      say(options.json, { token, id: view.id, expires_at: view.expiresAt }, token);
    });
  return new Command("token").description("API tokens").addCommand(create).addCommand(revokeCommand());
}

const revokeCommand = () =>
  new Command("revoke")
    .description("End every API token of an organisation: after a restore, or when nobody knows who has which.")
    .requiredOption("--all", "all of them; programs and people need new ones")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print how many ended as JSON")
    .action(async ({ organization, json }: { organization?: string; json?: boolean }) => {
      const ended = await revokeTokens(await inside(organization));
      say(json, { ended }, `${ended} tokens ended`);
    });

async function ownerOf(actor: Actor, { user, serviceAccount }: Options): Promise<NewToken["owner"]> {
  if (user !== undefined) return { kind: "user", id: await personNamed(actor, user) };
  if (serviceAccount !== undefined) return { kind: "service_account", id: await accountNamed(actor, serviceAccount) };
  throw new Refusal("invalid", "Say whose token: --user EMAIL or --service-account NAME");
}

async function limitsOf(actor: Actor, options: LimitOptions): Promise<TokenLimits | undefined> {
  const { limitRight: rights, limitId, limitTag: tags, limitKind: kinds, limitNetwork: networks } = options;
  let credentialIds: string[] | undefined;
  for (const id of limitId ?? []) credentialIds = [...(credentialIds ?? []), await credentialNamed(actor, id)];
  const limits = { rights, credentialIds, tags, kinds, networks };
  return Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined;
}
