import "server-only";
import { Command, Option } from "commander";
import { type Block, signInBlocks, unblockAddress, unblockAll, unblockPerson } from "@/lib/identity";
import { Refusal } from "@/lib/platform/refusal";
import { platform, say } from "./context";

interface Unblock {
  email?: string;
  address?: string;
  all?: boolean;
  json?: boolean;
}

export function signInCommand(): Command {
  const blocks = new Command("blocks")
    .description("List who has to wait before the next sign-in is judged, and until when.")
    .option("--json", "print them as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const all = await signInBlocks(await platform());
      say(json, all, all.map(line).join("\n") || "nobody");
    });
  const unblock = new Command("unblock")
    .description("Let somebody sign in again at once. How many waits were lifted is printed.")
    .addOption(new Option("--email <email>", "everything counted of this person").conflicts(["address", "all"]))
    .addOption(new Option("--address <address>", "everything counted of this address's network").conflicts("all"))
    .option("--all", "everything")
    .option("--json", "print the number as JSON")
    .action(async (options: Unblock) => {
      const lifted = await lift(options);
      say(options.json, { lifted }, String(lifted));
    });
  return new Command("sign-in").description("Signing in").addCommand(blocks).addCommand(unblock);
}

async function lift({ email, address, all }: Unblock): Promise<number> {
  const actor = await platform();
  if (email !== undefined) return unblockPerson(actor, email);
  if (address !== undefined) return unblockAddress(actor, address);
  if (all) return unblockAll(actor);
  throw new Refusal("invalid", "Say whom: --email, --address or --all");
}

const KINDS: Record<Block["kind"], string> = {
  account: "account, from networks it does not know",
  account_at_network: "account, from one network",
  account_in_browser: "account, in one browser",
  network: "network",
};

const line = ({ kind, email, network, until }: Block): string =>
  [
    until,
    KINDS[kind],
    ...(kind === "network" ? [] : [email ?? "(nobody's address)"]),
    ...(network ? [network] : []),
  ].join("\t");
