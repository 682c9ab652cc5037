// node bench/audit.mjs [events]: what a fetch and a page of the audit log cost in an organisation with so many events (1,000,000) over 60
// monthly partitions, against one with 10,000 in the same database. What counts are the ratios.
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../deploy/database.mjs";
import { stopPostgres } from "../deploy/embedded-postgres.mjs";
import { runProgram } from "./product.mjs";

const folder = mkdtempSync(join(tmpdir(), "latchkey-bench-audit-"));
chmodSync(folder, 0o711);
const open = () => openDatabase(folder);
const database = await open();
try {
  const env = {
    ...process.env,
    LATCHKEY_DATA: folder,
    LOG_LEVEL: "warn",
    LATCHKEY_KEY: randomBytes(32).toString("base64"),
  };
  const args = [database.ownerUrl, process.argv[2] ?? "1000000"];
  const { rows, partitions } = JSON.parse(await runProgram({ env, openDatabase: open }, "bench/audit.ts", args));
  console.table(rows);
  console.log(
    `${partitions} partitions; milliseconds for one call; sequential scans of partitions with more than 1,000 rows`,
  );
} finally {
  await database.leave();
  await stopPostgres(folder);
  rmSync(folder, { recursive: true, force: true });
}
