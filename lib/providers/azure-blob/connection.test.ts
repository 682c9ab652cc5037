import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { allowing, buildWorker, tryOut, walked } from "@/test/providers/worker";
import { ACCOUNT, type AzureBlob, sas, startAzureBlob } from "@/test/servers/azure-blob";
import { TestRun } from "../test-run";
import { connection } from "./connection";

let blob: AzureBlob;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [worker, blob] = await Promise.all([buildWorker(), startAzureBlob()]);
});
beforeEach(() => {
  blob.asked.length = 0;
  blob.failing = undefined;
});
afterAll(async () => {
  worker?.forget();
  await blob?.stop();
});

const ALL_WELL = [
  ...[
    "values ok",
    "resolve ok",
    "address ok",
    "connect ok",
    "tls warning not_encrypted",
    "sign_in ok",
    "permission ok",
  ],
];

type Way = "api_key" | "shared_access_signature" | "client_credentials";
/** With what the stand-in knows, unless the values say otherwise. */
const attempt = (type: Way, values: Record<string, unknown>) =>
  tryOut("azure_blob", type, values, { policy: allowing(blob.port) });

const place = () => ({ account_name: ACCOUNT.name, endpoint: blob.endpoint });
const key = (values = {}) => ({ ...place(), account_key: ACCOUNT.key, ...values });
const application = {
  tenant_id: "tenant.example",
  client_id: "application",
  client_secret: "example-client-secret",
};
const string = (rest: string) => `BlobEndpoint=${blob.endpoint};AccountName=${ACCOUNT.name};${rest}`;

describe("every way to sign in lists one container, or one blob of the container that is named", () => {
  test.each<[string, Way, (container: object) => Record<string, unknown>]>([
    ["the account's key", "api_key", (container) => key(container)],
    [
      "a connection string",
      "api_key",
      (container) => ({ connection_string: string(`AccountKey=${ACCOUNT.key}`), ...container }),
    ],
    [
      "a connection string with a signature",
      "api_key",
      (container) => ({ connection_string: string(`SharedAccessSignature=${sas()}`), ...container }),
    ],
    ["a signature", "shared_access_signature", (container) => ({ ...place(), sas_token: `?${sas()}`, ...container })],
    ["its address", "shared_access_signature", (container) => ({ sas_url: `${blob.endpoint}?${sas()}`, ...container })],
    [
      "an application",
      "client_credentials",
      (container) => ({ ...place(), ...application, access_token: "a-known-token", ...container }),
    ],
  ])("%s", async (_, type, values) => {
    blob.knows = async (token) => token === "a-known-token";
    expect(walked(await attempt(type, values({})))).toEqual(ALL_WELL);
    expect(walked(await attempt(type, values({ container: ACCOUNT.container })))).toEqual(ALL_WELL);
    expect(blob.asked).toEqual([
      `GET /${ACCOUNT.name}/?comp=list`,
      `GET /${ACCOUNT.name}/${ACCOUNT.container}?comp=list`,
    ]);
  });

  test("a signature for one container, by its address", async () => {
    const address = `${blob.endpoint}/${ACCOUNT.container}?${sas({ container: true })}`;
    expect(walked(await attempt("shared_access_signature", { sas_url: address }))).toEqual(ALL_WELL);
  });
});

describe("what the values say against themselves is told before anything is sent", () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    ["an end that has passed", { sas_token: sas({ until: "2001-01-01" }) }, "sas_expired", "sas_token"],
    ["a begin that is to come", { sas_token: sas({ from: "2098-01-01T00:00Z" }) }, "sas_not_yet_valid", "sas_token"],
    ["a container that nobody names", { sas_token: sas({ container: true }) }, "value_missing", "container"],
    [
      "a signature for one blob",
      { sas_token: sas({ container: true }).replace("sr=c", "sr=b"), container: ACCOUNT.container },
      "sas_for_one_blob",
      "sas_token",
    ],
  ])("%s", async (_, values, reason, field) => {
    const report = await attempt("shared_access_signature", { ...place(), ...values });
    expect(report).toMatchObject({ outcome: "failed", reason });
    expect(report.steps[0]).toMatchObject({ id: "values", status: "failed", field });
    expect(blob.asked).toEqual([]);
  });

  test("an end inside an address or a connection string counts as well, and names the field it stands in", async () => {
    const ended = sas({ until: "2001-01-01T00:00:00Z" });
    const inAddress = await attempt("shared_access_signature", { sas_url: `${blob.endpoint}?${ended}` });
    const inString = await attempt("api_key", { connection_string: string(`SharedAccessSignature=${ended}`) });
    expect([inAddress, inString].map(({ reason, steps }) => [reason, steps[0]?.field])).toEqual([
      ["sas_expired", "sas_url"],
      ["sas_expired", "connection_string"],
    ]);
    expect(blob.asked).toEqual([]);
  });
});

test("a key, a signature or a token that is wrong is told as that, in the field that holds it", async () => {
  const other = Buffer.from("another key than the one of the stand-in").toString("base64");
  const wrong = await Promise.all([
    attempt("api_key", key({ account_key: other })),
    attempt("api_key", { connection_string: string(`AccountKey=${other}`) }),
    attempt("shared_access_signature", { ...place(), sas_token: sas().replace("sp=rl", "sp=rwl") }),
    attempt("client_credentials", { ...place(), ...application, access_token: "nobody-knows-it" }),
  ]);
  expect(
    wrong.map(({ outcome, reason, steps }) => [outcome, reason, steps.find(({ code }) => code === reason)?.field]),
  ).toEqual([
    ["failed", "wrong_credentials", "account_key"],
    ["failed", "wrong_credentials", "connection_string"],
    ["failed", "wrong_credentials", "sas_token"],
    ["failed", "token_refused", "client_secret"],
  ]);
});

test("what signs in and may not list is limited, and a container that is not there is another thing", async () => {
  const mayNot = await attempt("shared_access_signature", { ...place(), sas_token: sas({ permissions: "r" }) });
  const noSuch = await attempt("api_key", key({ container: "elsewhere" }));
  expect([mayNot.outcome, mayNot.reason, walked(mayNot).slice(5)]).toEqual([
    "degraded",
    "permission_denied",
    ["sign_in ok", "permission warning permission_denied"],
  ]);
  expect([noSuch.outcome, noSuch.reason, noSuch.steps.at(-1)?.field]).toEqual([
    "failed",
    "container_unknown",
    "container",
  ]);
});

describe("each refusal of Azure's has a sentence of ours that says what to do", () => {
  test.each<[number, string | undefined, string, string, string?]>([
    [403, "AuthenticationFailed", "failed", "wrong_credentials"],
    [403, "AuthenticationFailed", "unreachable", "clock_differs", "Request date header too old: 'Sat, 01 Jan 2000'"],
    [403, "AuthorizationFailure", "failed", "access_refused"],
    [403, "AuthorizationPermissionMismatch", "degraded", "permission_denied"],
    [403, "AuthorizationServiceMismatch", "degraded", "permission_denied"],
    [403, "AuthorizationResourceTypeMismatch", "degraded", "permission_denied"],
    [403, "AuthorizationSourceIPMismatch", "failed", "access_refused"],
    [403, "InsufficientAccountPermissions", "degraded", "permission_denied"],
    [403, "KeyBasedAuthenticationNotPermitted", "failed", "key_access_disabled"],
    [403, "AccountIsDisabled", "failed", "account_disabled"],
    [400, "AccountRequiresHttps", "failed", "https_required"],
    [404, "ContainerNotFound", "failed", "container_unknown"],
    [404, "ResourceNotFound", "failed", "container_unknown"],
    [409, "ContainerBeingDeleted", "failed", "container_going"],
    [401, "InvalidAuthenticationInfo", "failed", "token_refused"],
    [401, "NoAuthenticationInformation", "failed", "token_refused"],
    [503, "ServerBusy", "unreachable", "service_trouble"],
    [500, undefined, "unreachable", "service_trouble"],
    [429, undefined, "unreachable", "rate_limited"],
    [404, undefined, "failed", "unexpected_answer"],
    [200, undefined, "failed", "unexpected_answer"],
    [418, "SomethingNew", "failed", "unexpected_answer"],
    [302, undefined, "failed", "redirected"],
  ])("%i %s: %s, %s", async (status, code, outcome, reason, detail) => {
    blob.failing = { status, ...(code && { code }), ...(detail && { detail }) };
    const report = await attempt("api_key", key({ container: ACCOUNT.container }));
    expect(report).toMatchObject({ outcome, reason });
    const told = report.steps.find((step) => step.code === reason);
    expect(told?.meaning).toMatch(/^[A-Z].{20,}\.$/);
    expect(told?.advice).toMatch(/^[A-Z].{10,}\.$/);
    expect(JSON.stringify(report)).not.toContain("AZURE-WORDS");
  });

  test("a signature that Azure's clock refuses is told as that, and a firewall's refusal may be the signature's", async () => {
    const values = { ...place(), sas_token: sas() };
    blob.failing = {
      status: 403,
      code: "AuthenticationFailed",
      detail: "Signature not valid in the specified time frame",
    };
    expect(await attempt("shared_access_signature", values)).toMatchObject({ reason: "sas_expired" });
    blob.failing = { status: 403, code: "AuthorizationFailure" };
    const report = await attempt("shared_access_signature", values);
    expect(report.steps.find(({ id }) => id === "sign_in")?.meaning).toContain("does not cover lists");
  });
});

test("an account that nobody knows is called so, in the field that names it", async () => {
  const testRun = new TestRun(connection.plan, { signal: new AbortController().signal });
  const lookup = () => Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
  const network = {
    ...{ policy: allowing(443), lookup, connectTimeoutMs: 1_000, maxInboundBytes: 1_000, sshLegacyAlgorithms: false },
    apis: { google: "", microsoft: "" },
  };
  const values = { account_name: "nobodysaccount", account_key: ACCOUNT.key };
  await expect(connection.test(values, testRun, network)).rejects.toThrow("host_not_found");
  const step = testRun.report().steps.find(({ id }) => id === "resolve");
  expect(step).toMatchObject({ field: "account_name", meaning: expect.stringContaining("No storage account") });
});

test("an address that the operator has not opened is refused before anything is sent", async () => {
  const report = await tryOut("azure_blob", "api_key", key(), { policy: { allow: [], selfEndpoints: [] } });
  expect(report).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
  expect(report.steps.find(({ id }) => id === "address")?.field).toBe("endpoint");
  expect(blob.asked).toEqual([]);
});
