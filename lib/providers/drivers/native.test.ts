import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowing, buildWorker, tryOut, walked } from "@/test/providers/worker";
import { type Amazon, startAmazon } from "@/test/servers/amazon";

/** Declared kinds that are systems of ours under another name share the native test. */
const amazon: Amazon = await startAmazon();
process.env.AWS_ENDPOINT = amazon.url;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  worker = await buildWorker();
  // A key that is for no service in particular is asked about in one region for all.
  amazon.set({ region: "us-east-1" });
});
afterAll(async () => {
  worker.forget();
  await amazon.stop();
});

describe("a key of Amazon's", () => {
  const { access_key_id, secret_access_key } = amazon.keys;
  const kinds = {
    awsApi: { awsKey: access_key_id, awsSecret: secret_access_key },
    dynamodbMemoryApi: { accessKey: access_key_id, secretAccessKey: secret_access_key },
  };
  const tried = (kind: string, values: Record<string, unknown>) =>
    tryOut(kind, "api_key", values, { policy: allowing(amazon.port) });

  test.each(Object.entries(kinds))("%s says whose it is, and asks no mail service", async (kind, values) => {
    amazon.asked.length = 0;
    const report = await tried(kind, values);
    expect(report.outcome).toBe("ok");
    expect(walked(report).at(-1)).toBe("sign_in ok");
    expect(amazon.asked).toEqual(["POST /"]);
  });

  test("that is wrong or missing is named by the field of the form", async () => {
    const wrong = await tried("awsApi", { ...kinds.awsApi, awsSecret: "not/the/secret" });
    expect(wrong).toMatchObject({ outcome: "failed", reason: "wrong_credentials" });
    expect(wrong.steps.find(({ status }) => status === "failed")?.field).toBe("awsSecret");
    const missing = await tried("awsApi", { awsKey: access_key_id });
    expect(missing.steps[0]).toMatchObject({ code: "value_missing", field: "awsSecret" });
  });
});

test.each(["gmailOAuth2", "googleDriveOAuth2", "microsoftOutlookOAuth2"])(
  "%s says that somebody has to sign in first, and asks nobody",
  async (kind) => {
    const client = { clientId: "an-id", clientSecret: "a-client-secret" };
    const report = await tryOut(kind, "oauth2", client, { policy: allowing(1) });
    expect(report).toMatchObject({ outcome: "failed", reason: "no_access_token" });
    expect(report.steps.filter(({ status }) => status !== "skipped")).toHaveLength(1);
  },
);
