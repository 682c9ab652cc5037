import "server-only";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Actor } from "@/lib/authorization/actor";
import { userByEmail } from "@/lib/identity";
import { issueToken, listServiceAccounts, type NewToken } from "@/lib/identity/tokens";
import { clock } from "@/lib/platform/clock";
import { Refusal } from "@/lib/platform/refusal";
import { type Scope, scopes } from "@/lib/vocabulary/permissions";
import { inside, say } from "./context";

interface Options {
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
    .option("--expires <span>", "how long it lives, such as 12h, 90d or 1y; without it, until revoked", expiry)
    .addOption(new Option("--scope <scope...>", "what it may do").choices(scopes).default(["all"]))
    .option("--json", "print token, id and expiry as JSON")
    .action(async (options: Options) => {
      const actor = await inside(options.organization);
      const owner = await ownerOf(actor, options);
      const { name, expires, scope } = options;
      const { token, view } = await issueToken(actor, { owner, name, expiresAt: expires, scopes: scope });
      say(options.json, { token, id: view.id, expires_at: view.expiresAt }, token);
    });
  return new Command("token").description("API tokens").addCommand(create);
}

async function ownerOf(actor: Actor, options: Options): Promise<NewToken["owner"]> {
  if (options.user !== undefined) return { kind: "user", id: (await userByEmail(actor, options.user)).id };
  if (options.serviceAccount === undefined) {
    throw new Refusal("invalid", "Say whose token: --user EMAIL or --service-account NAME");
  }
  const [account] = await listServiceAccounts(actor, { name: options.serviceAccount });
  if (!account) throw new Refusal("not_found", "There is no service account of this name");
  return { kind: "service_account", id: account.id };
}

const UNITS_MS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000, y: 365 * 86_400_000 };

function expiry(text: string): Date {
  const [, count, unit] = /^([1-9]\d{0,3})([hdwy])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit ?? ""];
  if (!count || !unitMs) throw new InvalidArgumentError("Use a number and h, d, w or y, such as 90d.");
  return new Date(clock.now().getTime() + Number(count) * unitMs);
}
