import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthFailure } from "./failure";
import { grantedIn } from "./token-answer";

const good = { access_token: "a", refresh_token: "r", token_type: "Bearer" };
const read = (members: object) => grantedIn(200, JSON.stringify({ ...good, ...members }));
const failure = (status: number, body: unknown) => {
  try {
    grantedIn(status, typeof body === "string" ? body : JSON.stringify(body));
    return "granted";
  } catch (error) {
    return error instanceof OAuthFailure ? [error.reason, error.code].filter(Boolean).join(" ") : String(error);
  }
};

describe("tokens are taken, whatever else is odd about an answer", () => {
  test.each<[unknown, number | undefined]>([
    [3_600, 3_600],
    [3_599.5, 3_599.5],
    ["3600", 3_600],
    [" 3600.0 ", 3_600],
    ...[1e20, 1e300, -1, 0, "never", "", "1e20", "-5", null, true, [], {}, "9".repeat(400)].map(
      (odd): [unknown, undefined] => [odd, undefined],
    ),
  ])("a lifetime of %j is read as %j", (expires_in, lifetime) => {
    expect(read({ expires_in })).toEqual({
      accessToken: "a",
      refreshToken: "r",
      tokenType: "Bearer",
      ...(lifetime !== undefined && { expiresIn: lifetime }),
    });
  });

  test.each<[unknown, string | undefined]>([
    ["openid email", "openid email"],
    [["openid", "email"], "openid email"],
    [["openid", 7, null], "openid"],
    ...[null, "", " ", [], {}, 5, false].map((odd): [unknown, undefined] => [odd, undefined]),
  ])("a scope of %j is read as %j", (scope, told) => {
    expect(read({ scope })).toMatchObject({ accessToken: "a", refreshToken: "r" });
    expect(read({ scope }).scope).toBe(told);
  });

  test.each<[unknown, string]>([
    ["bearer", "Bearer"],
    ["DPoP", "DPoP"],
    ...[undefined, null, "", 4, "a\nb", ["Bearer"]].map((odd): [unknown, string] => [odd, "Bearer"]),
  ])("a token type of %j is read as %s", (token_type, told) => {
    expect(read({ token_type })).toMatchObject({ accessToken: "a", refreshToken: "r", tokenType: told });
  });

  test.each([undefined, null, 5, "", "a\nb", "a b", "ä", {}])(
    "a refresh token is taken beside an access token of %j",
    (access_token) => {
      expect(read({ access_token })).toEqual({ refreshToken: "r", tokenType: "Bearer" });
    },
  );

  test.each([null, 5, "", [], {}])("an access token is taken beside a refresh token of %j", (refresh_token) => {
    expect(read({ refresh_token })).toEqual({ accessToken: "a", tokenType: "Bearer" });
  });

  test("an answer in the form of a request is read, and so is one beside an error", () => {
    const form = "access_token=a&refresh_token=r&expires_in=60&scope=x%20y&token_type=bearer\n";
    expect(grantedIn(200, form)).toEqual({
      accessToken: "a",
      refreshToken: "r",
      tokenType: "Bearer",
      expiresIn: 60,
      scope: "x y",
    });
    expect(read({ error: null, error_description: "" })).toMatchObject({ accessToken: "a" });
    expect(grantedIn(201, JSON.stringify(good))).toMatchObject({ accessToken: "a" });
  });
});

/** Status, body, and what it means: the one rule for when somebody must sign in again. */
const MEANINGS: [number, unknown, string][] = [
  [400, { error: "invalid_grant" }, "invalid_grant invalid_grant"],
  [401, { error: "invalid_grant" }, "invalid_grant invalid_grant"],
  [400, { error: "INVALID_GRANT" }, "invalid_grant invalid_grant"],
  [400, "error=invalid_grant", "invalid_grant invalid_grant"],
  [200, { error: "bad_refresh_token" }, "invalid_grant invalid_grant"],
  [200, { ok: false, error: "token_revoked" }, "invalid_grant invalid_grant"],
  [400, { error: { code: "invalid_grant" } }, "invalid_grant invalid_grant"],
  ...["interaction_required", "login_required", "consent_required", "mfa_required"].map(
    (error): [number, unknown, string] => [400, { error }, "invalid_grant interaction_required"],
  ),
  [
    400,
    { error: "interaction_required", error_description: "AADSTS50076: MFA", suberror: "basic_action" },
    "invalid_grant interaction_required",
  ],
  [400, { error: "invalid_grant", error_codes: [50_076] }, "invalid_grant interaction_required"],
  [400, { error: "something_new", error_description: "AADSTS700082: expired" }, "invalid_grant invalid_grant"],
  [400, { error: "something_new", error_description: "AADSTS50173: changed" }, "invalid_grant invalid_grant"],
  [400, { error: "something_new", error_codes: [70_043] }, "invalid_grant invalid_grant"],
  [401, { error: "invalid_client" }, "rejected invalid_client"],
  [401, { error: "invalid_client", error_description: "AADSTS7000222: x" }, "rejected client_secret_expired"],
  [401, { error: "invalid_client", error_codes: [7_000_215] }, "rejected client_secret_wrong"],
  [401, { error: "invalid_client", error_description: "AADSTS50173: x" }, "rejected invalid_client"],
  [400, { error: "unauthorized_client" }, "rejected unauthorized_client"],
  [400, { error: "invalid_request" }, "rejected invalid_request"],
  [400, { error: "quota for MARKER" }, "rejected"],
  // What passes by itself never ends a connection, whatever it says.
  ...[408, 425, 429, 500, 502, 503, 504, 599].map((status): [number, unknown, string] => [
    status,
    { error: "invalid_grant" },
    "unreachable invalid_grant",
  ]),
  [400, { error: "temporarily_unavailable" }, "unreachable temporarily_unavailable"],
  [400, { error: "slow_down" }, "unreachable slow_down"],
  // Nor does what no authorization server said.
  ...[400, 401, 403, 404].map((status): [number, unknown, string] => [status, "<h1>Blocked</h1>", "unreadable"]),
  [400, {}, "unreadable"],
  [400, { error: null }, "unreadable"],
  [302, "", "unreadable"],
  [200, "", "unreadable"],
  [200, { hello: "MARKER" }, "unreadable"],
  [200, [good], "unreadable"],
  [200, `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, "unreadable"],
  // Tokens count only in an answer that says yes.
  [400, good, "unreadable"],
];

test.each(MEANINGS)("status %i with %j means %s", (status, body, meaning) => {
  expect(failure(status, body)).toBe(meaning);
});

const member = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e20, 1e308, "", "x", "a\nb", "1e9", "é", "\u0000", "AADSTS50173"),
  fc.jsonValue(),
);
const answers = fc.oneof(
  fc.string({ unit: "binary", maxLength: 2_000 }),
  fc.json(),
  fc
    .record(
      Object.fromEntries(
        [
          ...["access_token", "refresh_token", "token_type", "expires_in", "scope", "id_token"],
          ...["error", "error_description", "error_codes"],
        ].map((name) => [name, member]),
      ),
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  fc.nat({ max: 60_000 }).map((depth) => "[".repeat(depth)),
);

test("any answer is tokens or a failure of ours, and a good token in it is never lost", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), answers, (status, text) => {
      let granted: ReturnType<typeof grantedIn> | undefined;
      try {
        granted = grantedIn(status, text);
      } catch (error) {
        expect(error).toBeInstanceOf(OAuthFailure);
      }
      if (granted?.expiresIn !== undefined) new Date(Date.now() + granted.expiresIn * 1000).toISOString();
    }),
    { numRuns: 2_000, interruptAfterTimeLimit: 5_000 },
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("expires_in", "scope", "token_type", "error", "id_token"), member),
      (odd) => {
        expect(read(odd)).toMatchObject({ accessToken: "a", refreshToken: "r" });
      },
    ),
    { numRuns: 500, interruptAfterTimeLimit: 5_000 },
  );
});
