import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kinds } from "../catalog/registry";
import type { CredentialData, Method } from "../define";
import { parseData } from "../define";
import { findMethod } from "../index";

/**
 * What people have of a credential in one piece fills the form of its kind: however it is written, the same values come out of it
 * that were put in, and what cannot be used is told without a word of it.
 */
const methodOf = (id: string): Method => {
  const kind = kinds().find((one) => one.id === id);
  const method = kind && findMethod(id, kind.credential_type);
  if (!method?.paste) throw new Error(`${id} has nothing to paste`);
  return method;
};
const pasted = (id: string, text: string) => methodOf(id).paste?.(text);

const word = fc
  .stringMatching(/^[a-z][a-z0-9_]{2,12}$/)
  .filter(
    (text) => !/^(?:null|none|nan|tbd|todo|fixme|xxx+|your.*|change.*|replace.*|machine|login|password)$/.test(text),
  );
const host = fc.tuple(word, word).map(([one, two]) => `${one}.${two}.example`.replaceAll("_", "0"));
const password = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9!@#$%^&*()+=:/?,.~;'"{}<>_-]{6,30}[a-z0-9]$/)
  .filter((text) => !/\*{4}|x{4}|your|change|replace|insert|enter|paste|copy|type|use|add|put/i.test(text));
const place = fc.record({ host, port: fc.integer({ min: 1, max: 65_535 }), database: word, user: word, password });
type Place = typeof place extends fc.Arbitrary<infer One> ? One : never;

const at = (one: Place) =>
  `${encodeURIComponent(one.user)}:${encodeURIComponent(one.password)}@${one.host}:${one.port}`;
const quoted = (text: string, mark: string) => `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
const braced = (text: string) => `{${text.replaceAll("}", "}}")}}`;

const SQL: Record<string, (one: Place) => string> = {
  ".NET, as Azure shows it": (one) =>
    `Server=tcp:${one.host},${one.port};Initial Catalog=${one.database};Persist Security Info=False;User ID=${one.user};Password=${quoted(one.password, '"')};MultipleActiveResultSets=False;Encrypt=True;TrustServerCertificate=False;Connection Timeout=30;`,
  ".NET, in its other words and quotes": (one) =>
    `Data Source=${one.host},${one.port}; Database=${one.database}; Uid=${one.user}; Pwd=${quoted(one.password, "'")}`,
  ".NET, behind a variable's name": (one) =>
    `ConnectionStrings__Default=Server=${one.host},${one.port};Database=${one.database};User Id=${one.user};Password=${quoted(one.password, '"')}`,
  ".NET, inside a file of settings": (one) =>
    JSON.stringify(
      {
        ConnectionStrings: {
          Default: `Server=${one.host},${one.port};Database=${one.database};User Id=${one.user};Password=${quoted(one.password, "'")}`,
        },
      },
      null,
      2,
    ),
  ODBC: (one) =>
    `Driver={ODBC Driver 18 for SQL Server};Server=tcp:${one.host},${one.port};Database=${one.database};Uid=${one.user};Pwd=${braced(one.password)};Encrypt=yes;`,
  JDBC: (one) =>
    `jdbc:sqlserver://${one.host}:${one.port};databaseName=${one.database};user=${one.user};password=${braced(one.password)};encrypt=true;trustServerCertificate=false`,
  "JDBC, in a file of settings": (one) =>
    `spring.jpa.show-sql=true\nspring.datasource.url=jdbc:sqlserver://${one.host}:${one.port};databaseName=${one.database};user=${one.user};password=${braced(one.password)}`,
  "an address": (one) => `mssql://${at(one)}/${one.database}?encrypt=true`,
  "an address of SQLAlchemy's, behind a name": (one) =>
    `DATABASE_URL="mssql+pyodbc://${at(one)}/${one.database}?driver=ODBC+Driver+18+for+SQL+Server"`,
  "an address of Go's": (one) => `sqlserver://${at(one)}?database=${one.database}`,
};

describe("a SQL Server fills the form, in each way of writing it", () => {
  test.each(Object.entries(SQL))("%s", (_name, write) => {
    fc.assert(
      fc.property(place, (one) => {
        expect(pasted("sqlServer", write(one))).toMatchObject({ ok: true, data: one });
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ["Server=h.example;Database=d;Integrated Security=True", /password of the server's own/],
    ["Server=h.example;Database=d;Authentication=Active Directory Default", /password of the server's own/],
    [
      "jdbc:sqlserver://h.example;authentication=ActiveDirectoryMSI;databaseName=MARKER",
      /password of the server's own/,
    ],
    ["Server=(local);Database=MARKER", /host name or an IP/],
    ["Server=h.example,99999999;Database=MARKER", /port/],
    ["mssql://u:MARKER@h e/x", /blanks/],
    ["mssql://u:MARK/ER@h/x", /%2F/],
  ])("what cannot be used is told why: %s", (text, why) => {
    const read = pasted("sqlServer", text);
    expect(read).toEqual({ ok: false, problem: expect.stringMatching(why) });
    expect(JSON.stringify(read)).not.toContain("MARK");
  });

  test("an instance's own port, and that any certificate is trusted, are said and not guessed", () => {
    const read = pasted(
      "sqlServer",
      "Server=h.example\\SQLEXPRESS;Database=d;User Id=u;Password=p;TrustServerCertificate=True",
    );
    expect(read).toEqual({
      ok: true,
      data: { host: "h.example", database: "d", user: "u", password: "p" },
      note: expect.stringMatching(/port of its own.*switch it on below/),
    });
  });
});

const ORACLE: Record<string, (one: Place) => [text: string, data: CredentialData]> = {
  EZConnect: (one) => [
    `${one.user}/"${plain(one)}"@//${one.host}:${one.port}/${one.database}`,
    { ...placeOf(one), service: one.database },
  ],
  "EZConnect over TLS": (one) => [
    `${one.user}/${plain(one)}@tcps://${one.host}:${one.port}/${one.database}?wallet_location=/x`,
    { ...placeOf(one), service: one.database, tls: "tls" },
  ],
  "sqlplus, with a kind of server": (one) => [
    `sqlplus -s ${one.user}/${plain(one)}@${one.host}:${one.port}/${one.database}:dedicated`,
    { ...placeOf(one), service: one.database },
  ],
  JDBC: (one) => [
    `jdbc:oracle:thin:@//${one.host}:${one.port}/${one.database}`,
    { host: one.host, port: one.port, service: one.database },
  ],
  "JDBC with a user, behind a name": (one) => [
    `spring.datasource.url=jdbc:oracle:thin:${one.user}/${plain(one)}@${one.host}:${one.port}/${one.database}`,
    { ...placeOf(one), service: one.database },
  ],
  "JDBC with a SID": (one) => [
    `jdbc:oracle:thin:@${one.host}:${one.port}:${one.database}`,
    { host: one.host, port: one.port, sid: one.database },
  ],
  "a descriptor in JDBC": (one) => [
    `jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCPS)(HOST=${one.host})(PORT=${one.port}))(CONNECT_DATA=(SERVICE_NAME=${one.database})))`,
    { host: one.host, port: one.port, service: one.database, tls: "tls" },
  ],
  "an entry of tnsnames.ora": (one) => [
    `ORDERS =\n  (DESCRIPTION =\n    (ADDRESS = (PROTOCOL = TCP)(HOST = ${one.host})(PORT = ${one.port}))\n    (CONNECT_DATA =\n      (SERVER = DEDICATED)\n      (SID = ${one.database})\n    )\n  )\n`,
    { host: one.host, port: one.port, sid: one.database, tls: "none" },
  ],
};
/** Oracle has no way to write a quote in a password. */
const plain = ({ password: one }: Place) => one.replace(/["@/]/g, "x");
const placeOf = (one: Place) => ({ host: one.host, port: one.port, user: one.user, password: plain(one) });

describe("an Oracle database fills the form, in each way of writing it", () => {
  test.each(Object.entries(ORACLE))("%s", (_name, write) => {
    fc.assert(
      fc.property(place, (one) => {
        const [text, data] = write(one);
        expect(pasted("oracle", text)).toMatchObject({ ok: true, data });
      }),
      { numRuns: 60 },
    );
  });

  test("what may be a value of one field is left to it", () => {
    for (const text of [
      "db.example.com",
      "db.example.com:1521",
      "ana@example.com",
      "system",
      "a/b",
      "orders.example.com",
    ])
      expect(pasted("oracle", text), text).toBeUndefined();
    expect(pasted("oracle", "jdbc:oracle:thin:@MARKER")).toEqual({
      ok: false,
      problem: expect.not.stringContaining("MARKER"),
    });
    expect(pasted("oracle", "(DESCRIPTION=(ADDRESS=(HOST=MARKER")).toMatchObject({ ok: false });
  });
});

const KEY_FILE = {
  type: "service_account",
  project_id: "example-project",
  private_key_id: "0123456789abcdef",
  private_key: "-----BEGIN PRIVATE KEY-----\nMARKER\n-----END PRIVATE KEY-----\n",
  client_email: "reader@example-project.iam.gserviceaccount.com",
  client_id: "1",
  token_uri: "https://oauth2.googleapis.com/token",
  universe_domain: "googleapis.com",
};

describe("the key file of a Google service account", () => {
  test.each(["googleServiceAccount", "bigQuery"])("fills the form of %s", (id) => {
    const { project_id, private_key_id, private_key, client_email } = KEY_FILE;
    for (const indent of [0, 2])
      expect(pasted(id, `\ufeff${JSON.stringify(KEY_FILE, null, indent)}\n`)).toEqual({
        ok: true,
        data: { project_id, private_key_id, private_key, client_email },
      });
  });

  test.each([
    [{ token_uri: "https://MARKER.example/token" }, /issued elsewhere/],
    [{ universe_domain: "MARKER.example" }, /another one/],
    [{ type: "authorized_user" }, /own sign-in/],
    [{ type: "external_account" }, /holds no key/],
    [{ private_key: undefined }, /private_key/],
  ])("is refused where it is another one: %j", (change, why) => {
    const read = pasted("bigQuery", JSON.stringify({ ...KEY_FILE, ...change }));
    expect(read).toEqual({ ok: false, problem: expect.stringMatching(why) });
    expect(JSON.stringify(read)).not.toContain("MARKER");
  });

  test("that was cut off is told as that", () => {
    expect(pasted("bigQuery", JSON.stringify(KEY_FILE).slice(0, -9))).toEqual({
      ok: false,
      problem: expect.stringContaining("whole key file"),
    });
  });
});

describe("an address fills the form of each kind that takes one", () => {
  const taking = kinds().flatMap(({ id, paste = [] }) =>
    paste.flatMap((one) =>
      "reader" in one && one.reader === "address"
        ? Object.entries(one.schemes ?? {}).map(([scheme, tls]) => ({ id, scheme, tls, values: one.values }))
        : [],
    ),
  );
  test.each(taking)("$scheme of $id", ({ id, scheme, tls, values }) => {
    fc.assert(
      fc.property(place, fc.constantFrom("", '"', "'", "URL="), (one, around) => {
        const found = { host: one.host, port: one.port, user: one.user, password: one.password, path: one.database };
        const text = `${around}${scheme}://${at(one)}/${one.database}${around === "URL=" ? "" : around}`;
        const wanted = Object.entries({ ...found, ...(tls !== "" && { tls }) }).flatMap(([name, value]) => {
          const field = (values as Record<string, string>)[name];
          return field === undefined ? [] : [[field, value]];
        });
        const read = pasted(id, text);
        expect(read).toMatchObject({ ok: true, data: Object.fromEntries(wanted) });
        expect(parseData(methodOf(id), read?.ok ? read.data : {}).ok).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

const FORMS: Record<string, (pairs: [string, string][]) => string> = {
  "an .env file": (pairs) => pairs.map(([name, value]) => `${name}='${value}'`).join("\n"),
  "a shell": (pairs) => `#!/bin/sh\n${pairs.map(([name, value]) => `export ${name}='${value}'`).join("\n")}`,
  "an ini file": (pairs) => `[default]\n${pairs.map(([name, value]) => `${name} = ${value}`).join("\n")}`,
  JSON: (pairs) => JSON.stringify(Object.fromEntries(pairs), null, 2),
  "a table": (pairs) => `${pairs.map(([name]) => name).join(",")}\n${pairs.map(([, value]) => value).join(",")}\n`,
};

describe("settings fill the form of each kind that names them", () => {
  const naming = kinds().flatMap(({ id, paste = [] }) =>
    paste.flatMap((one) => ("settings" in one ? [{ id, settings: one.settings }] : [])),
  );
  const value = fc
    .stringMatching(/^[a-zA-Z0-9]{3}[a-zA-Z0-9/+._-]{4,20}[a-w0-9]$/)
    .filter((text) => !/x{4}/i.test(text));

  test.each(naming)("$id", ({ id, settings }) => {
    const fields = Object.keys(settings);
    fc.assert(
      fc.property(
        fc.tuple(...fields.map((field) => fc.tuple(fc.constantFrom(...(settings[field] ?? [])), value))),
        fc.constantFrom(...Object.keys(FORMS)),
        (pairs, form) => {
          if (new Set(pairs.map(([name]) => name)).size < pairs.length || (form === "a table" && pairs.length < 2))
            return;
          const data = Object.fromEntries(fields.map((field, index) => [field, pairs[index]?.[1]]));
          expect(pasted(id, FORMS[form]?.(pairs) ?? ""), form).toEqual({ ok: true, data });
        },
      ),
      { numRuns: 60 },
    );
  });

  test("of two accounts are told as two, a placeholder is left empty, and other settings are none", () => {
    const two = "[default]\naws_access_key_id = MARKERone\n[other]\naws_access_key_id = MARKERtwo\n";
    expect(pasted("awsApi", two)).toEqual({ ok: false, problem: expect.stringContaining("one account") });
    expect(pasted("awsApi", "Access key ID,Secret access key\nAK,s1\nAL,s2")).toMatchObject({ ok: false });
    expect(pasted("databricksApi", "DATABRICKS_HOST=https://x.example\nDATABRICKS_TOKEN=<your token>")).toEqual({
      ok: true,
      data: { workspaceUrl: "https://x.example" },
      blank: ["accessToken"],
      note: "The text holds a placeholder.",
    });
    for (const text of ["", "hello", "FOO=bar", '{"a":1}', "https://x.example"])
      expect(pasted("databricksApi", text)).toBeUndefined();
  });
});

describe("files of tools", () => {
  test("the token of an .npmrc, with the registry that it is for", () => {
    const line = "//npm.example.com/team/:_authToken=abc/=+1";
    const data = { registry: "https://npm.example.com/team", accessToken: "abc/=+1" };
    expect(pasted("npmApi", line)).toEqual({ ok: true, data });
    expect(pasted("npmApi", `registry=https://npm.example.com/\n${line}\nalways-auth=true\n`)).toEqual({
      ok: true,
      data,
    });
    expect(pasted("npmApi", `${line}\n//other.example/:_authToken=MARKER`)).toEqual({
      ok: false,
      problem: expect.stringContaining("one registry"),
    });
    expect(pasted("npmApi", "//npm.example.com/:_authToken=${" + "NPM_TOKEN}")).toMatchObject({
      ok: true,
      blank: ["accessToken"],
    });
  });

  test("the sign-in that docker keeps", () => {
    const config = (auths: object) => JSON.stringify({ auths, HttpHeaders: {} });
    const auth = (pair: string) => ({ auth: Buffer.from(pair).toString("base64") });
    expect(pasted("dockerRegistryApi", config({ "registry.example.com": auth("ci:a:b") }))).toEqual({
      ok: true,
      data: { address: "https://registry.example.com", username: "ci", password: "a:b" },
    });
    expect(
      pasted(
        "dockerRegistryApi",
        config({ "https://r.example/v2/": { username: "ci", password: "s1", ...auth("ci:s1") } }),
      ),
    ).toMatchObject({ data: { address: "https://r.example", username: "ci", password: "s1" } });
    for (const [auths, why] of [
      [{ "a.example": auth("u:MARKER"), "b.example": auth("u:MARKER") }, "one registry"],
      [{ "a.example": {} }, "credsStore"],
      [{}, "credsStore"],
    ] as const) {
      const read = pasted("dockerRegistryApi", config(auths));
      expect(read).toEqual({ ok: false, problem: expect.stringContaining(why) });
    }
  });

  test.each(["machine h.example login ana password s3cret", "machine h.example\n  login ana\n  password s3cret\n"])(
    "the entry of a .netrc: %j",
    (text) => {
      const data = { address: "https://h.example", username: "ana", password: "s3cret" };
      for (const id of ["nexusRepositoryApi", "dockerRegistryApi"])
        expect(pasted(id, text)).toEqual({ ok: true, data });
      expect(pasted("nexusRepositoryApi", `${text}\n${text}`)).toMatchObject({ ok: false });
    },
  );
});

test("a placeholder in place of a password leaves it empty, in each of the forms", () => {
  for (const [id, text] of [
    ["sqlServer", "Server=tcp:h.example,1433;Initial Catalog=d;User ID=u;Password={your_password};Encrypt=True;"],
    ["sqlServer", "jdbc:sqlserver://h.example:1433;database=d;user=u;password={your_password_here};encrypt=true"],
    ["sqlServer", "mssql://u:<password>@h.example/d"],
    ["oracle", "u/<password>@//h.example:1521/s"],
    ["rabbitmq", "amqps://u:[YOUR-PASSWORD]@h.example/v"],
    ["smtp", "smtps://u:changeme@h.example"],
  ] as const) {
    expect(pasted(id, text), text).toMatchObject({ ok: true, blank: ["password"] });
  }
});

test("a text of any size is read at once or refused", () => {
  for (const { id, paste } of kinds())
    if (paste) expect(pasted(id, "x".repeat(70_000)), id).toEqual({ ok: false, problem: "Must be at most 64 KiB" });
});
