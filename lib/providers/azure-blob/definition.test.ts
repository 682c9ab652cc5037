import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CredentialData,
  type CredentialType,
  type Method,
  parseData,
  publicData,
  secretsToResend,
} from "../define";
import { doubtsAbout } from "../doubts";
import { findMethod } from "../index";

const KEY = Buffer.from("a key that nobody has for any account at all").toString("base64");
const SAS = "sv=2022-11-02&ss=b&srt=sco&sp=rl&se=2099-01-01T00:00:00Z&sig=c2lnbmF0dXJl";
const methodOf = (type: CredentialType) => findMethod("azure_blob", type) as Method;
const [byKey, bySas] = [methodOf("api_key"), methodOf("shared_access_signature")];
const pasted = (method: Method, text: string) => method.paste?.(text);

describe("a connection string", () => {
  const azure = `DefaultEndpointsProtocol=https;AccountName=exampleaccount;AccountKey=${KEY};EndpointSuffix=core.windows.net`;

  test("fills the form's fields, with the address only where it is not Azure's own", () => {
    const own = { account_name: "exampleaccount", account_key: KEY };
    for (const text of [
      azure,
      ` ${azure};\n`,
      `"${azure}"`,
      `AZURE_STORAGE_CONNECTION_STRING="${azure}"`,
      `export AZURE_STORAGE_CONNECTION_STRING='${azure}'`,
    ])
      expect(pasted(byKey, text), text).toEqual({ ok: true, data: own });
    const china = azure.replace("core.windows.net", "core.chinacloudapi.cn");
    expect(pasted(byKey, china)).toMatchObject({
      data: { ...own, endpoint: "https://exampleaccount.blob.core.chinacloudapi.cn" },
    });
    const inner = `BlobEndpoint=http://10.0.0.7:10000/exampleaccount;AccountName=exampleaccount;AccountKey=${KEY}`;
    expect(pasted(byKey, inner)).toMatchObject({ data: { ...own, endpoint: "http://10.0.0.7:10000/exampleaccount" } });
  });

  test("with a signature in the key's place fills the other form, and says until when it holds", () => {
    const text = `BlobEndpoint=https://exampleaccount.blob.core.windows.net/;SharedAccessSignature=${SAS}`;
    expect(pasted(byKey, text)).toBeUndefined();
    expect(pasted(bySas, text)).toEqual({
      ok: true,
      data: { account_name: "exampleaccount", sas_token: SAS },
      note: "It ends at 2099-01-01 00:00 UTC.",
    });
  });

  test("whose key is a placeholder leaves the key empty; typed in, it is doubted before anything is sent", () => {
    const text = azure.replace(KEY, "<account-key>");
    expect(pasted(byKey, text)).toMatchObject({ ok: true, blank: ["account_key"] });
    const read = parseData(byKey, { connection_string: text });
    expect(read.ok && doubtsAbout(byKey, read.data)).toMatchObject([{ code: "placeholder", certain: true }]);
  });

  test.each([
    ["UseDevelopmentStorage=true"],
    ["AccountName=exampleaccount"],
    [`AccountKey=${KEY}`],
    ["AccountName=exampleaccount;AccountKey=no key at all"],
    [`AccountName=exampleaccount;AccountName=other;AccountKey=${KEY}`],
    [`BlobEndpoint=https://user:word@example.com;AccountName=exampleaccount;AccountKey=${KEY}`],
    ["BlobEndpoint=https://exampleaccount.blob.core.windows.net;SharedAccessSignature=sv=1"],
    // A name is shown in lists and stands in a header, so that it must be one.
    [`BlobEndpoint=https://10.0.0.7:10000;AccountName=${KEY};AccountKey=${KEY}`],
    [`BlobEndpoint=https://10.0.0.7:10000;AccountName=example\r\nX-More: 1;AccountKey=${KEY}`],
    [`AccountName=elsewhere.example/x;AccountKey=${KEY}`],
    [`AccountName=exampleaccount;AccountKey=${KEY};EndpointSuffix=elsewhere.example/x?y=`],
  ])("that is not whole is refused without its words: %s", (text) => {
    for (const method of [byKey, bySas]) {
      const read = pasted(method, text);
      expect(read).toMatchObject({ ok: false, problem: expect.stringMatching(/^Must /) });
      expect(JSON.stringify(read)).not.toContain(KEY);
    }
    expect(parseData(byKey, { connection_string: text })).toMatchObject({ ok: false });
  });

  test("reading one never throws and never takes long, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 5_000 }),
          fc.string().map((text) => `AccountKey=${text};BlobEndpoint=https://${text}`),
        ),
        (text) => {
          for (const method of [byKey, bySas]) {
            pasted(method, text);
            for (const name of ["connection_string", "sas_url", "sas_token", "endpoint"]) {
              const data = { [name]: text, account_name: "abc" };
              expect(() => [method.summary(data), method.destination?.(data), publicData(method, data)]).not.toThrow();
            }
          }
        },
      ),
    );
  });
});

describe("an address with a signature", () => {
  test("fills account, container and token", () => {
    expect(pasted(bySas, `https://exampleaccount.blob.core.windows.net/invoices?${SAS}`)).toMatchObject({
      data: { account_name: "exampleaccount", container: "invoices", sas_token: SAS },
    });
    expect(pasted(bySas, `?${SAS}`)).toMatchObject({ data: { sas_token: SAS } });
  });

  test.each([
    [`https://exampleaccount.blob.core.windows.net/invoices/one.pdf?${SAS}`, /single blob/],
    ["https://exampleaccount.blob.core.windows.net/invoices", /sv= to sig=/],
  ])("of something else is refused: %s", (text, reason) => {
    expect(pasted(bySas, text)).toMatchObject({ ok: false, problem: expect.stringMatching(reason) });
    expect(parseData(bySas, { sas_url: text }).ok).toBe(false);
  });

  test("names one container only", () => {
    const sas_url = `https://exampleaccount.blob.core.windows.net/invoices?${SAS}`;
    expect(parseData(bySas, { sas_url, container: "invoices" }).ok).toBe(true);
    expect(parseData(bySas, { sas_url, container: "letters" })).toMatchObject({ problems: [{ path: ["container"] }] });
  });
});

const accepted = (method: Method, input: object): CredentialData => {
  const read = parseData(method, { ...input });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.data;
};

test("access by a signature ends when the signature says, wherever it is written", () => {
  const end = new Date("2099-01-01T00:00:00Z");
  const place = { account_name: "exampleaccount" };
  const url = `https://exampleaccount.blob.core.windows.net/?${SAS}`;
  const string = `BlobEndpoint=https://exampleaccount.blob.core.windows.net;SharedAccessSignature=${SAS}`;
  for (const se of ["2099-01-01", "2099-01-01T00:00Z", "2099-01-01T00:00:00Z", "2099-01-01T00:00:00.0000000Z"]) {
    const sas_token = SAS.replace(/se=[^&]*/, `se=${encodeURIComponent(se)}`);
    expect(bySas.tokenExpiresAt?.(accepted(bySas, { ...place, sas_token })), se).toEqual(end);
  }
  expect(bySas.tokenExpiresAt?.(accepted(bySas, { sas_url: url }))).toEqual(end);
  expect(byKey.tokenExpiresAt?.(accepted(byKey, { connection_string: string }))).toEqual(end);
  expect(byKey.tokenExpiresAt?.(accepted(byKey, { ...place, account_key: KEY }))).toBeUndefined();
});

test("what is shown of a credential holds its place and what a signature allows, and neither key nor signature", () => {
  const string = `BlobEndpoint=https://exampleaccount.blob.core.windows.net;SharedAccessSignature=${SAS}`;
  const shown = publicData(byKey, accepted(byKey, { connection_string: string, container: "invoices" }));
  expect(shown).toEqual({
    endpoint: "https://exampleaccount.blob.core.windows.net",
    account_name: "exampleaccount",
    container: "invoices",
    permissions: "rl",
  });
});

test("a kept secret is asked for again when the account or its address is another one, in whichever field that stands", () => {
  const before = accepted(byKey, { account_name: "exampleaccount", account_key: KEY, container: "invoices" });
  const kept = ["account_key"];
  expect(secretsToResend(byKey, before, { ...before, container: "letters" }, kept)).toEqual([]);
  expect(secretsToResend(byKey, before, { ...before, account_name: "otheraccount" }, kept)).toEqual(kept);
  expect(secretsToResend(byKey, before, { ...before, endpoint: "https://example.com" }, kept)).toEqual(kept);
});

test.each(["invoices", "$root", "$web", "a-b-c", "123"])("%s is a container's name", (container) => {
  expect(parseData(byKey, { ...byKey.example, container }).ok).toBe(true);
});
test.each(["In", "UPPER", "a--b", "-ab", "ab-", "a/b", "a".repeat(64), "$other"])("%s is none", (container) => {
  expect(parseData(byKey, { ...byKey.example, container }).ok).toBe(false);
});
