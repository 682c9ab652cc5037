import "server-only";
import { Command } from "commander";
import { countByKey } from "@/lib/credentials/rotation";
import { liveInstances } from "@/lib/platform/keys/instances";
import { keyring, wrappedBy } from "@/lib/platform/vault";
import { platform, say } from "./context";
import { rotateCommand } from "./key-rotate";
import { unwrapCommand, wrapCommand } from "./key-wrap";

export function keyCommand(): Command {
  return new Command("key")
    .description("The key-encryption key")
    .addCommand(statusCommand())
    .addCommand(rotateCommand())
    .addCommand(wrapCommand())
    .addCommand(unwrapCommand());
}

const statusCommand = () =>
  new Command("status")
    .description("Show how many sealed things each key holds, and which keys each running instance holds.")
    .option("--json", "print the counts as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      await platform();
      const keys = await counts();
      const instances = await liveInstances();
      const wrapping = wrappedBy();
      const words = [
        ...(wrapping ? [`the key is wrapped by ${wrapping.by}, ${wrapping.key}`] : []),
        ...keys.map(({ keyId, role, count }) => `${keyId}  ${role}  ${count}`),
        ...instances.map(
          ({ host, startedAt, keyIds }) =>
            `instance on ${host} since ${startedAt.toISOString()}  holds ${keyIds.join(", ")}`,
        ),
      ];
      say(
        json,
        { keys, instances, wrapped_by: wrapping ? { service: wrapping.by, key: wrapping.key } : null },
        words.join("\n"),
      );
    });

async function counts() {
  const { current, previous, next } = keyring();
  const found = new Map((await countByKey()).map(({ keyId, count }) => [keyId, count]));
  const roles = new Map([
    [current.id, "current"],
    ...(previous ? [[previous.id, "previous"] as const] : []),
    ...(next ? [[next.id, "next"] as const] : []),
  ]);
  for (const id of roles.keys()) if (!found.has(id)) found.set(id, 0);
  const role = (id: string) => roles.get(id) ?? "unknown";
  return [...found].map(([keyId, count]) => ({ keyId, role: role(keyId), count }));
}
