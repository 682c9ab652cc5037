import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchSecret, getCredential, importCredentials } from "@/lib/credentials";
import { offline } from "@/test/importers/offline";
import { startTokenEndpoint, type TokenEndpoint } from "@/test/oauth/token-endpoint";
import { tenant } from "@/test/tenant";
import { endOf } from "./oauth";
import { read } from "./source";

const STORED_AT = "2026-03-01T10:00:00.000Z";
const TOKENS = {
  access_token: "their-access",
  refresh_token: "their-refresh",
  token_type: "Bearer",
  expires_in: 3599,
  scope: "a b",
};
const CLIENT = { clientId: "their-client", clientSecret: "their-secret" };

async function rowOf(type: string, data: object, more: object = {}) {
  const item = { id: "x", name: `Mine ${crypto.randomUUID()}`, type, data, updatedAt: STORED_AT, ...more };
  const [row] = await read({ content: { bytes: Buffer.from(JSON.stringify([item])) }, network: offline });
  if (!row || !("found" in row)) throw new Error("The row was not taken");
  return row;
}

describe("what somebody signed in for in n8n", () => {
  test.each([
    ["gmailOAuth2", "gmailOAuth2", "oauth2.googleapis.com"],
    ["googleSheetsOAuth2Api", "googleSheetsOAuth2", "oauth2.googleapis.com"],
    ["googleSheetsTriggerOAuth2Api", "googleSheetsOAuth2", "oauth2.googleapis.com"],
    ["googleDriveOAuth2Api", "googleDriveOAuth2", "oauth2.googleapis.com"],
    ["googleDocsOAuth2Api", "googleDocsOAuth2", "oauth2.googleapis.com"],
    ["googleCalendarOAuth2Api", "googleCalendarOAuth2", "oauth2.googleapis.com"],
    ["googleContactsOAuth2Api", "oauth2_client", "oauth2.googleapis.com"],
    ["googleOAuth2Api", "oauth2_client", "oauth2.googleapis.com"],
    ["googleAnalyticsOAuth2", "oauth2_client", "oauth2.googleapis.com"],
    ["youTubeOAuth2Api", "oauth2_client", "oauth2.googleapis.com"],
    ["gSuiteAdminOAuth2Api", "oauth2_client", "oauth2.googleapis.com"],
    ["microsoftOutlookOAuth2Api", "microsoftOutlookOAuth2", "login.microsoftonline.com"],
    ["microsoftTeamsOAuth2Api", "microsoftTeamsOAuth2", "login.microsoftonline.com"],
    ["microsoftOneDriveOAuth2Api", "oauth2_client", "login.microsoftonline.com"],
    ["microsoftSharePointOAuth2Api", "oauth2_client", "login.microsoftonline.com"],
    ["microsoftExcelOAuth2Api", "oauth2_client", "login.microsoftonline.com"],
    ["microsoftOAuth2Api", "oauth2_client", "login.microsoftonline.com"],
    ["slackOAuth2Api", "oauth2_client", "slack.com"],
  ])("%s becomes a credential that renews with its own client: %s at %s", async (type, provider, host) => {
    const { found, notes } = await rowOf(type, { ...CLIENT, oauthTokenData: TOKENS });
    expect(found).toMatchObject({
      provider,
      type: "oauth2",
      data: {
        ...CLIENT,
        access_token: "their-access",
        refresh_token: "their-refresh",
        token_type: "Bearer",
        granted_scope: "a b",
        scope: "a b",
        expires_at: "2026-03-01T10:59:59.000Z",
      },
    });
    expect(new URL(String(found.data.accessTokenUrl)).host).toBe(host);
    expect(new URL(String(found.data.authorizationUrl)).protocol).toBe("https:");
    expect(notes.join()).not.toContain("renew");
  });

  test("keeps addresses, scope and whatever else its row names, whatever the release wrote tokens as", async () => {
    const accessTokenUrl = "https://login.microsoftonline.com/their-tenant/oauth2/v2.0/token";
    const data = { ...CLIENT, accessTokenUrl, subdomain: "contoso", scope: "x y", authentication: "body" };
    for (const oauthTokenData of [TOKENS, JSON.stringify(TOKENS)]) {
      const { found, notes } = await rowOf("microsoftSharePointOAuth2Api", { ...data, oauthTokenData });
      expect(found.data).toMatchObject({
        accessTokenUrl,
        subdomain: "contoso",
        scope: "x y",
        refresh_token: "their-refresh",
      });
      expect(notes.join()).toContain("authentication");
    }
  });

  test("at any server whose address the row names renews as well", async () => {
    const accessTokenUrl = "https://auth.example.com/token";
    const { found } = await rowOf("oAuth2Api", { ...CLIENT, accessTokenUrl, oauthTokenData: TOKENS });
    expect(found).toMatchObject({
      provider: "oauth2_client",
      data: { accessTokenUrl, refresh_token: "their-refresh" },
    });
  });

  test("at a server whose address nobody names is kept whole, and its end is told", async () => {
    const data = { ...CLIENT, oauthTokenData: TOKENS };
    const { found, notes } = await rowOf("hubspotOAuth2Api", data);
    expect(found.provider).toBe("n8n.hubspotOAuth2Api");
    expect(JSON.parse(String(found.data.oauthTokenData))).toEqual(TOKENS);
    expect(notes.join()).toMatch(/accessTokenUrl.*ends at 2026-03-01T10:59:59.000Z, and nothing here can renew it/);
  });

  test("without a refresh token ends, and the note says when", async () => {
    const { refresh_token: _, ...withoutRefresh } = TOKENS;
    const { found, notes } = await rowOf("gmailOAuth2", { ...CLIENT, oauthTokenData: withoutRefresh });
    expect(found).toMatchObject({ provider: "gmailOAuth2", data: { expires_at: "2026-03-01T10:59:59.000Z" } });
    expect(notes.join()).toContain("ends at 2026-03-01T10:59:59.000Z, and nothing here can renew it: sign in again");
    const { expires_in: __, ...endless } = withoutRefresh;
    const unknown = await rowOf("gmailOAuth2", { ...CLIENT, oauthTokenData: endless });
    expect(unknown.notes.join()).toContain("ends at a time that the export does not tell");
    expect(unknown.found.data).not.toHaveProperty("expires_at");
  });

  test("that was never signed in for keeps its client, so that somebody can sign in here", async () => {
    const { found } = await rowOf("googleDriveOAuth2Api", CLIENT);
    expect(found).toMatchObject({ provider: "googleDriveOAuth2", data: CLIENT });
  });
});

test.each([
  [{ expires_in: 3599 }, "2026-03-01T10:59:59.000Z"],
  [{ expires_in: "3599" }, "2026-03-01T10:59:59.000Z"],
  [{ expiry_date: 1_772_359_200_000, expires_in: 1 }, "2026-03-01T10:00:00.000Z"],
  [{ expires_at: 1_772_359_200 }, "2026-03-01T10:00:00.000Z"],
  [{ expires_at: "2026-03-01T10:00:00Z" }, "2026-03-01T10:00:00.000Z"],
  [{ expires_in: 1e20 }, undefined],
  [{ expires_in: "soon" }, undefined],
  [{}, undefined],
])("the end of access in %o is %s; unknown counts as ended where it can be renewed", (tokens, end) => {
  const at = new Date(STORED_AT);
  expect(endOf(tokens, at)?.toISOString()).toBe(end);
  expect(endOf({ ...tokens, refresh_token: "r" }, at)?.toISOString()).toBe(end ?? "2001-09-10T00:00:00.000Z");
});

describe("what was imported", () => {
  let server: TokenEndpoint;
  beforeAll(async () => {
    server = await startTokenEndpoint();
    process.env.OUTBOUND_ALLOW = "127.0.0.0/8:1-65535";
  });
  afterAll(() => server.stop());

  test.each(["googleSheetsOAuth2Api", "microsoftOneDriveOAuth2Api", "oAuth2Api"])(
    "renews by itself: %s",
    async (type) => {
      const own = await tenant();
      const refresh_token = `their-refresh-${type}`;
      const data = { ...CLIENT, accessTokenUrl: server.url, oauthTokenData: { ...TOKENS, refresh_token } };
      const { found, ...facts } = await rowOf(type, data);
      const [verdict] = await importCredentials(own.admin, [{ ...facts, ...found }], { dryRun: false });
      const id = verdict?.outcome === "imported" ? (verdict.id ?? "") : "";
      expect(await getCredential(own.admin, id)).toMatchObject({ tokenExpiresAt: "2026-03-01T10:59:59.000Z" });
      const fetched = (await fetchSecret(own.program, id)).data;
      expect(fetched.access_token).toMatch(/^access-/);
      expect(server.asked).toContain(refresh_token);
      expect(fetched).toMatchObject(CLIENT);
    },
  );
});
