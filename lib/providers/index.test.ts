import { expect, test } from "vitest";
import { findKind, kinds } from "./catalog/registry";
import {
  type CredentialData,
  type Method,
  obtainedBy,
  parseData,
  publicData,
  secretNames,
  secretsToResend,
} from "./define";
import { findMethod, findProvider, providers } from "./index";

const methods = providers().flatMap((provider) =>
  provider.methods.map((method) => ({ name: `${provider.id} ${method.type}`, provider, method })),
);

test("the catalogue holds our eleven providers, each under its folder's name, and the kinds of the files, sorted", () => {
  const folders = Object.entries(
    import.meta.glob<{ definition: { id: string } }>("./*/definition.ts", { eager: true }),
  );
  for (const [path, module] of folders) expect(path.split("/")[1]?.replaceAll("-", "_")).toBe(module.definition.id);
  const ids = providers().map((provider) => provider.id);
  expect(ids).toEqual([...ids].sort());
  const ours = [
    "api_credential",
    "aws_ses",
    "azure_blob",
    "google",
    "internal_postgresql",
    "microsoft",
    "oauth2_client",
    "postgresql",
    "sftp",
    "sharepoint",
    "sharepoint_client_secret",
  ];
  expect(ids.filter((id) => !findKind(id))).toEqual(ours);
  expect(ids).toHaveLength(ours.length + kinds().length);
  expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(ids.length);
});

test("an unknown provider or method is not found", () => {
  expect(findProvider("constructor")).toBeUndefined();
  expect(findMethod("sftp", "oauth2")).toBeUndefined();
  expect(findMethod("google", "google_oauth")?.type).toBe("google_oauth");
});

test.each(methods)("$name: the example is accepted and stays as it is when parsed again", ({ method }) => {
  const first = parse(method, method.example);
  expect(parse(method, first)).toEqual(first);
});

test.each(methods)("$name: no secret is in the summary, the account or the public data", ({ method }) => {
  const planted = plantMarkers(method);
  const shown = JSON.stringify([method.summary(planted), method.account?.(planted), publicData(method, planted)]);
  expect(shown).not.toContain("MARKER");
  for (const name of secretNames(method)) expect(publicData(method, planted)).not.toHaveProperty(name);
});

test.each(methods)("$name: a problem never repeats the value", ({ method }) => {
  for (const name of Object.keys(method.fields)) {
    const result = parseData(method, { ...method.example, [name]: "MARKER\nMARKER\0" });
    expect(JSON.stringify(result.ok ? [] : result.problems)).not.toContain("MARKER");
  }
});

test.each(methods)("$name: unknown and inherited names are refused", ({ method }) => {
  for (const name of ["nonsense", "constructor", "toString", "__proto__"]) {
    const input = Object.fromEntries([...Object.entries(method.example), [name, "x"]]);
    const result = parseData(method, input);
    if (method.openFields && name === "nonsense") {
      expect(publicData(method, { ...method.example, nonsense: "x" })).not.toHaveProperty("nonsense");
      continue;
    }
    expect(result.ok ? [] : result.problems.map((problem) => problem.code)).toContain("unknown_field");
  }
});

test.each(methods)("$name: changing a destination asks for every kept secret again", ({ method }) => {
  const before = parse(method, method.example);
  const kept = secretNames(method).filter((name) => before[name] !== undefined);
  for (const name of Object.keys(method.fields).filter((one) => method.fields[one]?.destination)) {
    expect(secretsToResend(method, before, { ...before, [name]: "elsewhere.example" }, kept)).toEqual(
      method.fields[name]?.secret ? [] : kept,
    );
  }
  expect(secretsToResend(method, before, before, kept)).toEqual([]);
});

test.each(methods)("$name: every field has words, and a secret field is never shown as plain text", ({ method }) => {
  for (const field of Object.values(method.fields)) {
    expect(field.label).toMatch(/^[A-Z]/);
    if (field.secret) expect(["password", "multiline"]).toContain(field.control);
    if (field.docs) expect(new URL(field.docs).protocol).toBe("https:");
  }
});

test("tokens of a person come from signing in, values of an application from a form", () => {
  const oauth = findMethod("microsoft", "oauth2") as Method;
  expect(obtainedBy(oauth, { tenant_id: "t", client_id: "c", client_secret: "s" })).toBe("values");
  expect(obtainedBy(oauth, { tenant_id: "t", refresh_token: "r" })).toBe("authorization");
  expect(obtainedBy(findMethod("google", "google_oauth") as Method, {})).toBe("authorization");
  expect(parseData(oauth, { tenant_id: "example.com", client_id: "c" })).toMatchObject({
    problems: [{ path: ["client_secret"] }],
  });
});

test("a token set tells its account and when it ends", () => {
  const method = findMethod("google", "google_oauth") as Method;
  const data = parse(method, {
    refresh_token: "r",
    access_token: "a",
    expires_at: 1_900_000_000,
    email: "ana@example.com",
  });
  expect(method.tokenExpiresAt?.(data)).toEqual(new Date(1_900_000_000_000));
  expect(method.account?.(data)).toBe("ana@example.com");
  expect(parseData(method, { access_token: "a" }).ok).toBe(false);
});

test("temporary AWS keys need their session token, and pasted key files fill the form", () => {
  const method = findMethod("aws_ses", "api_key") as Method;
  const temporary = { ...method.example, access_key_id: "ASIAIOSFODNN7EXAMPLE" };
  expect(parseData(method, temporary)).toMatchObject({ problems: [{ path: ["session_token"] }] });
  expect(parseData(method, { ...temporary, session_token: "t" }).ok).toBe(true);
  const keys = { access_key_id: "AKIA", secret_access_key: "a+b=" };
  const expected = { ok: true, data: { ...keys, region: "eu-west-1" } };
  expect(method.paste?.("export AWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY='a+b='\nAWS_REGION=eu-west-1")).toEqual(
    expected,
  );
  expect(method.paste?.('{"AccessKey":{"AccessKeyId":"AKIA","SecretAccessKey":"a+b="}, "Region":"eu-west-1"}')).toEqual(
    expected,
  );
  for (const table of [
    "\ufeffAccess key ID,Secret access key\r\nAKIA,a+b=\r\n",
    "User name,Password,Access key ID,Secret access key,Console login link\nann,,AKIA,a+b=,https://x.example\n",
    '"User Name","Access Key Id","Secret Access Key"\n"ann","AKIA","a+b="',
    "Access key ID;Secret access key\nAKIA;a+b=",
  ])
    expect(method.paste?.(table), table).toEqual({ ok: true, data: keys });
});

test.each([
  ["hello", /access key/],
  ["Access key ID,Secret access key\n", /below its heading/],
  ["Access key ID,Secret access key\nAKIA,a+b=\nAKIB,secret\n", /one access key/],
  ["IAM User Name,Smtp Username,Smtp Password\nann,AKIA,secret", /SMTP/],
  ['{"AccessKeyId":"secret"', /complete JSON/],
])("what Amazon's form cannot read of %j has a reason, without the text", (text, reason) => {
  const pasted = findMethod("aws_ses", "api_key")?.paste?.(text);
  expect(pasted).toEqual({ ok: false, problem: expect.stringMatching(reason) });
  expect(JSON.stringify(pasted)).not.toMatch(/AKIA|"secret"/);
});

test("a pasted service principal fills Microsoft's form", () => {
  const pasted = findMethod("microsoft", "oauth2")?.paste?.(
    '{"appId":"a","displayName":"d","password":"p","tenant":"t"}',
  );
  expect(pasted).toEqual({ ok: true, data: { tenant_id: "t", client_id: "a", client_secret: "p" } });
  for (const text of ["hello", '{"appId":', '{"x":1}', "{}"])
    expect(findMethod("microsoft", "oauth2")?.paste?.(text)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^Must /),
    });
});

function parse(method: Method, input: Record<string, unknown>): CredentialData {
  const result = parseData(method, input);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.data;
}

function plantMarkers(method: Method): CredentialData {
  const planted: CredentialData = { ...method.example };
  for (const name of secretNames(method)) planted[name] = `MARKER-${name}`;
  for (const [name, value] of Object.entries(method.example)) {
    if (String(value).startsWith("https://user:")) planted[name] = "https://user:MARKER@db.example.com/app?key=MARKER";
  }
  if ("connection_string" in planted) planted.connection_string = "postgresql://alice:MARKER@db.example.com/app";
  return planted;
}
