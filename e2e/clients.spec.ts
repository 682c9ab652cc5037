import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildClients } from "../clients/build.mjs";
import { expect, test } from "./fixtures";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));

const tours: [string, string[]][] = [
  [process.execPath, ["clients/typescript/examples/tour.mjs"]],
  ["python3", ["clients/python/examples/tour.py"]],
];

test.beforeAll(() => buildClients());

for (const [program, args] of tours) {
  test(`the example of a client does what it says: ${args[0]}`, async ({ product, admin, sshd }) => {
    const token = await product.operate("token", "create", "--user", admin.email, "--organization", "Example Ltd");
    const { stdout } = await run(program, args, {
      cwd: root,
      env: {
        ...process.env,
        PYTHONPATH: "clients/python",
        PYTHONDONTWRITEBYTECODE: "1",
        LATCHKEY_URL: product.url,
        LATCHKEY_TOKEN: token,
        LATCHKEY_HOST: sshd.host,
        LATCHKEY_PORT: String(sshd.port),
      },
    });
    expect(stdout.trim().split("\n")).toEqual([
      "tested: failed",
      "made: version 1",
      "fetched: the values of nobody",
      "changed: version 2",
      "conflict: 412, request named",
      "listed: all pages",
      "deleted",
    ]);
  });
}
