import { expect, test } from "vitest";
import { captureOutput } from "@/test/output";

process.env.LOG_LEVEL = "info";
process.env.REQUEST_LOG = "errors";
const { startApi } = await import("@/test/api");
const { tenant } = await import("@/test/tenant");
const api = await startApi();

test("a request that fails is a line of who, what and how long, by pattern; one that does not is none", async () => {
  const mine = await tenant();
  const token = await mine.token(mine.program);
  const output = captureOutput();
  await api.send("GET", "/api/integrations/credentials", { token });
  const headers = { "x-request-id": "known-request", "user-agent": "marker-agent" };
  await api.send("GET", `/api/integrations/credentials/${mine.orgId}`, { token, headers });
  const lines = output
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("{"));
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 30,
      time: expect.any(String),
      requestId: "known-request",
      method: "GET",
      route: "/integrations/credentials/{credential_id}",
      status: 404,
      durationMs: expect.any(Number),
      orgId: mine.orgId,
      actorKind: "service_account",
      actorId: mine.program.id,
      msg: "superai",
    },
  ]);
  expect(output.join("")).not.toMatch(/marker|127\.0\.0\.1/);
});
