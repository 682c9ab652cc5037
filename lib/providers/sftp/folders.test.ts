import { chmodSync, chownSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorker, tryOut } from "@/test/providers/worker";
import { type Sshd, startSshd } from "@/test/servers/sshd";

let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker?.forget());

async function permission({ host, port, username, password }: Sshd, test_path: string) {
  const report = await tryOut("sftp", "user_password", { host, port, username, password, test_path });
  return { ...report.steps.at(-1), reason: report.reason ?? report.outcome };
}

/** A folder of the user's, with these rights for the user. */
function folderWith({ home }: Sshd, name: string, mode: number): string {
  const folder = join(home, name);
  const { uid, gid } = statSync(home);
  mkdirSync(folder);
  chownSync(folder, uid, gid);
  chmodSync(folder, mode);
  return folder;
}

test("what may be done in a folder is tried, each for itself, and nothing is left there", async () => {
  const server = await startSshd();
  const folders = {
    all: folderWith(server, "all", 0o700),
    drop: folderWith(server, "drop", 0o300),
    read: folderWith(server, "read", 0o500),
    enter: folderWith(server, "enter", 0o100),
    none: folderWith(server, "none", 0o000),
  };
  const found: Record<string, { reason: string; meaning?: string; field?: string }> = {};
  for (const [name, folder] of Object.entries(folders)) found[name] = await permission(server, folder);
  const left = Object.values(folders).flatMap((folder) => readdirSync(folder));
  await server.stop();
  expect(Object.entries(found).map(([name, { reason }]) => [name, reason])).toEqual([
    ["all", "ok"],
    ["drop", "write_only"],
    ["read", "cannot_write"],
    ["enter", "cannot_list"],
    ["none", "cannot_list"],
  ]);
  expect(found.drop).toMatchObject({ status: "warning", field: "test_path" });
  expect(found.drop?.meaning).toMatch(/writing and deleting work, but .* cannot be listed/);
  expect(found.none?.meaning).toMatch(/neither be listed nor written/);
  expect(left).toEqual([]);
});

test("a drop folder whose files may not be deleted either says what was left behind", async () => {
  const server = await startSshd(["ForceCommand internal-sftp -P remove"]);
  const folder = folderWith(server, "drop", 0o300);
  const found = await permission(server, folder);
  const left = readdirSync(folder);
  await server.stop();
  expect(found).toMatchObject({ reason: "cannot_delete" });
  expect(found.meaning).toMatch(/neither listing nor deleting/);
  expect(left).toHaveLength(1);
  expect(found.meaning).toContain(left[0]);
});
