import fc from "fast-check";
import { expect, test } from "vitest";
import type { Method } from "./define";
import { doubtsAbout } from "./doubts";
import { findMethod, providers } from "./index";

const methodOf = (provider: string, type: Parameters<typeof findMethod>[1] = "user_password"): Method => {
  const method = findMethod(provider, type);
  if (!method) throw new Error(`No ${provider}`);
  return method;
};

/** "placeholder, certain": what is told of one value. */
const told = (method: Method, values: Record<string, unknown>) =>
  doubtsAbout(method, values)
    .map(({ code, certain }) => `${code}, ${certain ? "certain" : "likely"}`)
    .join("; ") || "nothing";

const CERTAIN = "placeholder, certain";
const LIKELY = "placeholder, likely";

test.each([
  ["[YOUR-PASSWORD]", CERTAIN],
  ["<db_password>", CERTAIN],
  ["<password>", CERTAIN],
  ["<AWS_SECRET_ACCESS_KEY>", CERTAIN],
  ["{{password}}", CERTAIN],
  ["{{ .Values.dbPassword }}", CERTAIN],
  ["${DB_PASSWORD}", CERTAIN],
  ["${{ secrets.DB_PASSWORD }}", CERTAIN],
  ["#{DbPassword}", CERTAIN],
  ["your-api-key-here", CERTAIN],
  ["YOUR_PASSWORD", CERTAIN],
  ["your_client_secret", CERTAIN],
  ["****", CERTAIN],
  ["••••", CERTAIN],
  ["••••••••3f9a", CERTAIN],
  ["sk-••••••••", CERTAIN],
  [" [YOUR-PASSWORD] ", CERTAIN],
  ["changeme", LIKELY],
  ["ChangeMe!", LIKELY],
  ["replace-me", LIKELY],
  ["paste-your-token-here", LIKELY],
  ["enter password", LIKELY],
  ["xxxx", LIKELY],
  ["XXXX-XXXX", LIKELY],
  ["sk-xxxxxxxxxxxxxxxx", LIKELY],
  ["undefined", LIKELY],
  ["[object Object]", CERTAIN],
  ["$DB_PASSWORD", LIKELY],
  ["%DB_PASSWORD%", LIKELY],
  ["sk-ab****cd", LIKELY],
  ["a password ", "space_around, likely"],
  ["\tpassword", "space_around, likely"],
  ["hunter2", "nothing"],
  ["put-the-kettle-on", "nothing"],
  ["<3 chocolate", "nothing"],
  ["{a1}B[c]", "nothing"],
  ["$ecret", "nothing"],
  ["xX_sniper_Xx", "nothing"],
  ["a*b*c", "nothing"],
  ["password", "nothing"],
])("the password %s: %s", (password, expected) => {
  expect(told(methodOf("postgresql"), { password })).toBe(expected);
});

test.each([
  ["postgresql", "connection_string", "postgresql://postgres.ref:[YOUR-PASSWORD]@pooler.example.com:6543/postgres"],
  ["postgresql", "connection_string", "postgresql://<user>:s3cret@db.example.com/app"],
  ["postgresql", "connection_string", "postgresql://u:%3Cpassword%3E@db.example.com/app"],
  ["postgresql", "connection_string", "postgresql://db.example.com/app?user=u&password=<password>"],
  [
    "mongoDBUrlApi",
    "mongoDBConnectUrl",
    "mongodb+srv://anna:<db_password>@cluster0.example.mongodb.net/?retryWrites=true",
  ],
  ["redisCacheUrlApi", "redisUrl", "redis://default:${REDIS_PASSWORD}@redis.example.com:6379"],
])("%s: a placeholder inside an address in %s is one", (provider, name, address) => {
  const method = providers().find(({ id }) => id === provider)?.methods[0] as Method;
  expect(told(method, { [name]: address })).toBe(CERTAIN);
});

const GUID = "0b1e6a52-8a5f-4a86-9f0e-0d5a3c9b7e11";
const SMTP = `B${"Ab1/".repeat(10)}xyz`;
const AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

test.each<[string, Parameters<typeof findMethod>[1], string, string, string]>([
  ["microsoft", "oauth2", "client_secret", GUID, "other_value, likely"],
  ["microsoft", "oauth2", "client_secret", GUID.toUpperCase(), "other_value, likely"],
  ["microsoft", "oauth2", "client_id", GUID, "nothing"],
  ["microsoft", "oauth2", "client_secret", "abc8Q~exampleExampleExampleExampleExampl", "nothing"],
  ["aws_ses", "api_key", "secret_access_key", SMTP, "other_value, certain"],
  ["aws_ses", "api_key", "secret_access_key", AWS_SECRET, "nothing"],
  ["aws_ses", "api_key", "secret_access_key", "AKIAIOSFODNN7EXAMPLE", "other_value, certain"],
  ["aws_ses", "api_key", "secret_access_key", "ASIAIOSFODNN7EXAMPLE", "other_value, certain"],
  ["aws_ses", "api_key", "access_key_id", "wJalrXUtnFEMIaK7MDENGabPxRfiCYEXAMPLEKEY", "other_value, certain"],
  ["aws_ses", "api_key", "access_key_id", "AKIAIOSFODNN7EXAMPLE", "nothing"],
])("%s, %s, %s: what belongs elsewhere is told (%#)", (provider, type, name, value, expected) => {
  expect(told(methodOf(provider, type), { [name]: value })).toBe(expected);
});

test("the declared kinds have the same look-alikes, where they have such fields", () => {
  const kind = (id: string) => providers().find((one) => one.id === id)?.methods[0] as Method;
  expect(told(kind("awsApi"), { awsSecret: "AKIAIOSFODNN7EXAMPLE" })).toBe("other_value, certain");
  expect(told(kind("awsApi"), { awsKey: AWS_SECRET })).toBe("other_value, certain");
  expect(told(kind("dynamodbMemoryApi"), { secretAccessKey: SMTP })).toBe("other_value, certain");
  expect(told(kind("microsoftOutlookOAuth2"), { clientSecret: GUID })).toBe("other_value, likely");
});

test("every secret that is typed in one line or several is looked at, of every kind that there is", () => {
  for (const { id, methods } of providers())
    for (const method of methods)
      for (const [name, field] of Object.entries(method.fields).filter(([, { secret }]) => secret)) {
        expect([id, name, told(method, { [name]: "<password>" })]).toEqual([id, name, CERTAIN]);
        if (field.control === "password") expect(told(method, { [name]: "changeme" })).toBe(LIKELY);
      }
});

test("the example of every kind raises no doubt, and no more does a choice or a switch", () => {
  for (const { id, methods } of providers())
    for (const method of methods) expect([id, doubtsAbout(method, method.example)]).toEqual([id, []]);
  expect(doubtsAbout(methodOf("postgresql"), { sslmode: "<mode>", port: 5432, host: undefined })).toEqual([]);
});

test("what machines make is nobody's placeholder", () => {
  const method = methodOf("postgresql");
  const made = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/),
    fc.base64String({ minLength: 16, maxLength: 64 }),
    fc.uuid(),
    fc.stringMatching(/^[0-9a-f]{32,64}$/),
  );
  fc.assert(
    fc.property(made, (password) => doubtsAbout(method, { password }).length === 0),
    { numRuns: 2_000 },
  );
});

test("a doubt repeats nothing of the value, whatever that is", () => {
  const method = methodOf("postgresql");
  const MARK = "qzmarkqz";
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const values = { password: ` <${MARK}> `, username: `\${${MARK}}`, connection_string: `a://${MARK}:${text}@b` };
      expect(JSON.stringify(doubtsAbout(method, values))).not.toContain(MARK);
    }),
  );
});
