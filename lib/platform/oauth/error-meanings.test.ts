import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthFailure } from "./failure";
import { grantedIn } from "./token-answer";

/** What an answer of a token endpoint means: the one rule for when somebody must sign in again. */
const meaning = (status: number, body: unknown) => {
  try {
    grantedIn(status, typeof body === "string" ? body : JSON.stringify(body));
    return "granted";
  } catch (error) {
    return error instanceof OAuthFailure ? [error.reason, error.code].filter(Boolean).join(" ") : String(error);
  }
};

const microsoft = (error: string, number: number, rest: object = {}) => ({
  error,
  error_description: `AADSTS${number}: MARKER. Trace ID: 00000000-0000-4000-8000-000000000000`,
  error_codes: [number],
  ...rest,
});

describe("in each form that servers have for it", () => {
  test.each<[string, number, unknown]>([
    ["the standard's", 400, { error: "invalid_grant" }],
    ["another status", 401, { error: "invalid_grant" }],
    ["a third", 403, { error: "invalid_grant", error_description: "Unknown or invalid refresh token." }],
    ["capitals", 400, { error: "INVALID_GRANT" }],
    ["a dash", 400, { error: "invalid-grant" }],
    ["a form", 400, "error=invalid_grant&error_description=x"],
    ["GitHub's, in a form with status 200", 200, "error=bad_refresh_token&error_description=The+refresh+token+is+bad"],
    ["GitHub's, in JSON with status 200", 200, { error: "bad_refresh_token", error_uri: "https://docs.github.com" }],
    ["Slack's, with status 200", 200, { ok: false, error: "invalid_auth" }],
    ["Slack's for a token", 200, { ok: false, error: "token_revoked" }],
    ["Slack's for a refresh token", 200, { ok: false, error: "invalid_refresh_token" }],
    ["Slack's for one that has ended", 200, { ok: false, error: "token_expired" }],
    ["Google's", 400, { error: "invalid_grant", error_description: "Token has been expired or revoked." }],
    ["HubSpot's, which calls it a status", 400, { status: "BAD_REFRESH_TOKEN", message: "MARKER" }],
    ["Fitbit's, in a list", 400, { errors: [{ errorType: "invalid_grant", message: "MARKER" }], success: false }],
    ["an object", 400, { error: { code: "invalid_grant" } }],
    [
      "a vague word and a sentence",
      403,
      { error: "unauthorized_client", error_description: "refresh_token is invalid" },
    ],
    ["X's sentence", 400, { error: "invalid_request", error_description: "Value passed for the token was invalid." }],
  ])("an ended grant is known: %s", (_form, status, body) => {
    expect(meaning(status, body)).toBe("invalid_grant grant_ended");
  });

  test.each<[string, number, unknown]>([
    [
      "a sentence beside a word that says something else",
      400,
      { error: "invalid_scope", error_description: "refresh_token is invalid" },
    ],
    [
      "a sentence about something else",
      400,
      { error: "invalid_request", error_description: "no refresh token is invalid here" },
    ],
    ["a status that is no word", 400, { status: "error", message: "invalid_grant" }],
    ["a word in a list of two", 400, { error: ["invalid_grant"] }],
  ])("and nothing is taken for one that is not: %s", (_form, status, body) => {
    expect(meaning(status, body)).not.toMatch(/^invalid_grant/);
  });
});

describe("a grant that is good only once a person has done something", () => {
  test.each<[unknown, string]>([
    [{ error: "interaction_required" }, "interaction_required"],
    [{ error: "login_required" }, "interaction_required"],
    [{ error: "account_selection_required" }, "interaction_required"],
    [{ error: "mfa_required" }, "interaction_required"],
    [{ error: "consent_required" }, "consent_required"],
    [{ error: "access_denied" }, "policy_refused"],
    [{ error: "invalid_grant", suberror: "consent_required" }, "consent_required"],
    [{ error: "interaction_required", suberror: "protection_policy_required" }, "policy_refused"],
    [{ error: "invalid_grant", error_subtype: "invalid_rapt" }, "session_limited"],
    [{ error: "invalid_grant", error_description: "reauth related error (invalid_rapt)" }, "session_limited"],
    [{ error: "rapt_required" }, "session_limited"],
    [{ error: "admin_policy_enforced" }, "policy_refused"],
    [{ error: "org_internal" }, "policy_refused"],
    [{ error: "unverified_user_email" }, "account_unavailable"],
    [{ ok: false, error: "account_inactive" }, "account_unavailable"],
    [microsoft("interaction_required", 50_076, { suberror: "basic_action" }), "interaction_required"],
    [microsoft("invalid_grant", 50_079), "interaction_required"],
    [microsoft("invalid_grant", 50_078), "session_limited"],
    [microsoft("invalid_grant", 70_043), "session_limited"],
    ...[50_173, 70_008, 700_082, 700_084, 50_132, 50_133, 50_055].map((number): [unknown, string] => [
      microsoft("something_new", number),
      "grant_ended",
    ]),
    ...[50_057, 50_020, 50_034, 50_053, 51_004].map((number): [unknown, string] => [
      microsoft("invalid_grant", number),
      "account_unavailable",
    ]),
    ...[65_001, 65_004, 90_094].map((number): [unknown, string] => [
      microsoft("invalid_grant", number),
      "consent_required",
    ]),
    ...[50_105, 53_000, 53_001, 53_002, 53_003, 53_004, 53_011, 530_032, 530_034, 530_035, 530_036, 500_213].map(
      (number): [unknown, string] => [microsoft("invalid_grant", number), "policy_refused"],
    ),
    // A number within another's sentence: the first that is known counts.
    [
      { error: "invalid_grant", error_description: "AADSTS70002: Error validating credentials. AADSTS50173: MARKER" },
      "grant_ended",
    ],
    // A number says more than the word beside it, whichever that is.
    [microsoft("unauthorized_client", 65_001), "consent_required"],
    [microsoft("access_denied", 53_003), "policy_refused"],
    [microsoft("invalid_client", 50_173), "grant_ended"],
  ])("%j", (body, code) => {
    expect(meaning(400, body)).toBe(`invalid_grant ${code}`);
  });
});

test.each<[unknown, string]>([
  [{ error: "invalid_client" }, "client_refused"],
  [{ error: "unauthorized_client" }, "client_refused"],
  [{ error: "incorrect_client_credentials" }, "client_refused"],
  [{ ok: false, error: "invalid_client_id" }, "client_unknown"],
  [{ ok: false, error: "bad_client_secret" }, "client_secret_wrong"],
  [{ error: "deleted_client" }, "client_unknown"],
  [{ error: "disabled_client" }, "client_disabled"],
  [{ error: "application_suspended" }, "client_disabled"],
  [{ error: "redirect_uri_mismatch" }, "redirect_refused"],
  [{ ok: false, error: "bad_redirect_uri" }, "redirect_refused"],
  [{ error: "invalid_scope" }, "scope_refused"],
  [{ error: "invalid_request" }, "request_refused"],
  [{ error: "unsupported_grant_type" }, "request_refused"],
  [{ error: "quota for MARKER" }, "request_refused"],
  [microsoft("invalid_client", 7_000_215), "client_secret_wrong"],
  [microsoft("invalid_client", 7_000_222), "client_secret_expired"],
  [microsoft("unauthorized_client", 7_000_112), "client_disabled"],
  [microsoft("unauthorized_client", 700_016), "client_unknown"],
  [microsoft("invalid_request", 90_002), "tenant_unknown"],
  [microsoft("invalid_request", 900_023), "tenant_unknown"],
  [microsoft("invalid_request", 50_011), "redirect_refused"],
  [microsoft("invalid_grant", 65_002), "client_refused"],
  [microsoft("invalid_grant", 70_011), "scope_refused"],
  // One that nobody here knows leaves the word to speak.
  [microsoft("invalid_client", 7_009_999), "client_refused"],
])("of the client, and not of what it was granted: %j", (body, code) => {
  for (const status of [400, 401]) expect(meaning(status, body)).toBe(`rejected ${code}`);
});

describe("what passes by itself never ends a connection", () => {
  test.each<[number, unknown]>([
    ...[408, 425, 429, 500, 502, 503, 504, 599].map((status): [number, unknown] => [
      status,
      { error: "invalid_grant" },
    ]),
    [503, "<h1>Maintenance</h1>"],
    [429, ""],
    [400, { error: "temporarily_unavailable" }],
    [400, { error: "slow_down" }],
    [400, { error: "server_error" }],
    [200, { ok: false, error: "ratelimited" }],
    [400, { error: "rate_limit_exceeded" }],
    [400, microsoft("temporarily_unavailable", 50_173)],
    [400, microsoft("invalid_grant", 90_033)],
    [400, microsoft("invalid_request", 90_055)],
    [400, { error: { code: 503, status: "UNAVAILABLE" } }],
  ])("status %i with %j", (status, body) => {
    expect(meaning(status, body)).toBe("unreachable in_trouble");
  });

  test("whatever else stands in the answer", () => {
    const status = fc.oneof(fc.constantFrom(408, 425, 429), fc.integer({ min: 500, max: 599 }));
    const body = fc.record({ error: fc.string(), suberror: fc.string(), error_codes: fc.array(fc.nat()) });
    fc.assert(
      fc.property(status, body, (one, said) => {
        expect(meaning(one, said)).toBe("unreachable in_trouble");
      }),
    );
  });
});

test.each<[number, unknown]>([
  ...[400, 401, 403, 404].map((status): [number, unknown] => [status, "<h1>Blocked: invalid_grant</h1>"]),
  [400, {}],
  [400, { error: null }],
  [400, { error: 7 }],
  [400, [{ error: "invalid_grant" }]],
  [302, ""],
])("nor does what no authorization server said: status %i with %j", (status, body) => {
  expect(meaning(status, body)).toBe("unreadable");
});

test("no word of a server is in what it means", () => {
  const words = fc.record({ error: fc.string({ minLength: 1 }), error_description: fc.string() });
  fc.assert(
    fc.property(words, ({ error, error_description }) => {
      const [said, marked] = [
        { error, error_description },
        { error: `MARKER ${error}`, error_description },
      ];
      for (const body of [said, marked]) expect(meaning(400, body)).not.toContain("MARKER");
    }),
  );
});
