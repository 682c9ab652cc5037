import "server-only";
import { Command } from "commander";
import { anchorPath } from "@/lib/platform/audit/verify";
import { type BackupReport, backUp, checkBackup, type RestoreReport, restoreBackup } from "@/lib/platform/backup";
import { env } from "@/lib/platform/env";
import { unwrapKeys } from "@/lib/platform/vault";
import { productVersion } from "@/lib/platform/version";
import { say } from "./context";

interface Options {
  json?: boolean;
  check?: boolean;
}

/** Whoever started us has put the owner's address there: neither command works under the application's role. */
const ownerUrl = () => env().MIGRATION_DATABASE_URL ?? env().DATABASE_URL ?? "";

export const backupCommand = () =>
  new Command("backup")
    .description(
      "Write everything that is kept to one file, as of one moment, beside a running server. Secrets stay sealed in it: whoever restores it " +
        "needs the key, which it does not hold.",
    )
    .argument("<file>", "where to; it must not be there yet")
    .option("--json", "print what is in it as JSON")
    .action(async (file: string, { json }: Options) => {
      await unwrapKeys();
      const report = await backUp(file, { ownerUrl: ownerUrl(), anchors: anchorPath(), program: productVersion() });
      say(json, report, backedUp(report));
    });

export const restoreCommand = () =>
  new Command("restore")
    .description(
      "Fill an empty database from a backup, with the key that it was made under. Refused before anything is touched where the file was cut or " +
        "altered, the key is another one, the schema is newer than this program, or the database is not empty.",
    )
    .argument("<file>", "made by the command backup")
    .option("--check", "only look whether it could be restored with this key and this program")
    .option("--json", "print what was restored as JSON")
    .action(async (file: string, { json, check }: Options) => {
      await unwrapKeys();
      if (check) {
        const { takenAt, program, keyIds } = await checkBackup(file);
        return say(json, { takenAt, program, keyIds }, `Whole and ours: taken at ${takenAt} by version ${program}`);
      }
      const target = { ownerUrl: ownerUrl(), anchors: anchorPath(), role: env().DATABASE_ROLE };
      const report = await restoreBackup(file, { ...target, say: (line) => process.stderr.write(`${line}\n`) });
      say(json, report, restored(report));
    });

const backedUp = ({ file, rows, bytes, takenAt, keyIds }: BackupReport) =>
  `${file}: ${rows} rows as of ${takenAt}, ${bytes} bytes. It opens with key ${keyIds.join(" and ")}: keep that apart from it.`;

const restored = ({ rows, takenAt, anchorsBefore }: RestoreReport) =>
  [
    `${rows} rows as of ${takenAt}. Now run audit verify, then start the server.`,
    "Everybody signs in anew. Tokens that were revoked after the backup are good again: token revoke --all ends all of an organisation.",
    ...(anchorsBefore ? [`The anchors that were here are in ${anchorsBefore}`] : []),
  ].join("\n");
