import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthFailure } from "./failure";
import { grantedIn } from "./token-answer";

const good = { access_token: "a", refresh_token: "r", token_type: "Bearer" };
const read = (members: object) => grantedIn(200, JSON.stringify({ ...good, ...members }));
const refused = (status: number, body: unknown) => {
  try {
    return grantedIn(status, typeof body === "string" ? body : JSON.stringify(body));
  } catch (error) {
    return error instanceof OAuthFailure ? error.reason : error;
  }
};

test.each([
  [200, ""],
  [204, ""],
  [200, { hello: "MARKER" }],
  [200, { access_token: "" }],
  [200, { access_token: null, token_type: "Bearer", expires_in: 3_600 }],
  [200, { access_token: ["a"] }],
  [200, "access_token=&token_type=bearer"],
  [200, [good]],
  [200, `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
  [302, good],
  // Tokens count only in an answer that says yes.
  [400, good],
])("status %i with %j grants nothing, and is nothing that could be read", (status, body) => {
  expect(refused(status, body)).toBe("unreadable");
});

test("an error beside a refresh token and no access is an error: that token may be the one that was sent", () => {
  expect(refused(200, { error: "invalid_grant", refresh_token: "r" })).toBe("invalid_grant");
  expect(refused(200, "error=bad_refresh_token&refresh_token=r")).toBe("invalid_grant");
});

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
    ["repo,gist", "repo gist"],
    ["chat:write, users:read", "chat:write users:read"],
    ["  openid\n email\u0000 x ", "openid x"],
    ...[null, "", " ", ",", [], {}, 5, false, "s ".repeat(3_000)].map((odd): [unknown, undefined] => [odd, undefined]),
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
    for (const error of [null, "", "none"])
      expect(read({ error, error_description: "" })).toMatchObject({ accessToken: "a" });
    expect(read({ error: null, error_description: "" })).toMatchObject({ accessToken: "a" });
    for (const status of [201, 202, 203, 206])
      expect(grantedIn(status, JSON.stringify(good))).toMatchObject({ accessToken: "a" });
    expect(grantedIn(200, `\n${JSON.stringify({ ok: true, ...good })} `)).toMatchObject({ accessToken: "a" });
  });
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
