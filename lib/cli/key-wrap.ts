import "server-only";
import { Command, Option } from "commander";
import { type KeyServiceName, keyServices } from "@/lib/platform/key-service";
import { keyring, unwrapKeyFile, wrapKeyFile } from "@/lib/platform/vault";
import { platform, say } from "./context";

interface Options {
  by: KeyServiceName;
  key: string;
  json?: boolean;
}

export const wrapCommand = () =>
  new Command("wrap")
    .description(
      "Have a key service wrap the key, so that what lies here opens nothing without it; or have another one wrap it. The key stays the " +
        "same and nothing that is sealed moves; running instances take it up. Tried out before anything is changed.",
    )
    .addOption(new Option("--by <service>", "who wraps it").choices(keyServices).makeOptionMandatory())
    .requiredOption("--key <name>", "the service's key, as the service names it")
    .option("--json", "print the outcome as JSON")
    .action(async ({ by, key, json }: Options) => {
      await platform();
      const { current } = keyring();
      const { path, text } = await wrapKeyFile(current, { by, key });
      const where = path
        ? [
            `${path} holds it now. Hosts with a key file of their own need a copy of it.`,
            "Copies of the key made before open the vault as ever: key rotate makes a key that was never outside the service.",
          ]
        : ["Put this in the place of LATCHKEY_KEY:", text.trim()];
      say(
        json,
        { keyId: current.id, service: by, key, path: path ?? null, text: text.trim() },
        [`Key ${current.id} is wrapped by ${by}.`, ...where].join("\n"),
      );
    });

export const unwrapCommand = () =>
  new Command("unwrap")
    .description("Put the key itself into the key file again, so that it opens the vault without the service.")
    .option("--json", "print the outcome as JSON")
    .action(async ({ json }: Pick<Options, "json">) => {
      await platform();
      const path = unwrapKeyFile();
      say(json, { path }, `${path} holds the key itself again.`);
    });
