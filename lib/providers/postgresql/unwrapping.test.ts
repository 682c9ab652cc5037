import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Method, parseData } from "../define";
import { readConnectionString, unwrapConnectionString } from "./connection-string";
import { definition } from "./definition";
import { HARMLESS_PARAMETERS, REFUSED_PARAMETERS } from "./parameters";
import { pasteConnectionString } from "./paste";
import { targetOf, withPassword } from "./target";

const method = definition.methods[0] as Method;
const handedOut = (connection_string: string) => {
  const parsed = parseData(method, { connection_string });
  return parsed.ok ? parsed.data.connection_string : parsed.problems;
};
const encoded = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((text) => text.isWellFormed() && !text.includes("\0"))
  .map(encodeURIComponent);

const NAMES = ["DATABASE_URL", "POSTGRES_PRISMA_URL", "spring.datasource.url", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"];
const around = fc.constantFrom<(text: string) => string>(
  (text) => ` \t${text}\r\n`,
  (text) => `\ufeff${text}\n\n`,
  (text) => `"${text}"`,
  (text) => `'${text}'`,
  (text) => `\`${text}\``,
  (text) => `“${text}”`,
  (text) => `<${text}>`,
  (text) => `"${text}";`,
  (text) => `psql '${text}'`,
  (text) => `psql "${text}"`,
  (text) => `$ psql -d "${text}"`,
  (text) => `psql --dbname=${text}`,
  ...NAMES.flatMap((name): ((text: string) => string)[] => [
    (text) => `${name}=${text}`,
    (text) => `export ${name}=${text}`,
    (text) => `${name} = '${text}'`,
    (text) => `set ${name}=${text}`,
    (text) => `${name}: ${text}`,
    (text) => `"${name}": "${text}",`,
    (text) => `$env:${name} = "${text}"`,
  ]),
);
/** From what stands in front of the rest of the string, to what is kept of it. */
const schemes = fc.constantFrom(
  ...["postgresql://", "postgresql+psycopg2://", "postgresql+asyncpg://", "PostgreSQL://", "jdbc:postgresql://"].map(
    (written) => [written, "postgresql://"] as const,
  ),
  ...["postgres://", "POSTGRES://", "postgres+psycopg://"].map((written) => [written, "postgres://"] as const),
);

test("in whatever is wrapped around it, alone or together, a string is the same and is handed out byte for byte", () => {
  fc.assert(
    fc.property(
      schemes,
      fc.tuple(encoded, encoded, encoded),
      fc.array(around, { maxLength: 3 }),
      ([written, kept], [user, password, database], layers) => {
        const rest = `${user}:${password}@db.example.com:6432/${database}?sslmode=require&channel_binding=require`;
        const wrapped = layers.reduce((text, wrap) => wrap(text), written + rest);
        expect(unwrapConnectionString(wrapped)).toBe(kept + rest);
        expect(readConnectionString(wrapped)).toEqual(readConnectionString(kept + rest));
        expect(handedOut(wrapped)).toBe(kept + rest);
        expect(pasteConnectionString(wrapped)).toEqual(pasteConnectionString(kept + rest));
      },
    ),
    { numRuns: 1_000 },
  );
});

test.each([
  'psql -h other.example "postgresql://u:p@h/d"',
  'psql "postgresql://u:p@h/d" -h other.example',
  "psql -h db.example.com -U u d",
])("a line of psql that says more than an address is refused: %s", (text) => {
  expect(handedOut(text)).toMatchObject([{ message: expect.stringContaining("psql") }]);
});

test("a text without an address in it is left as it came", () => {
  for (const text of ["", " ", '"hello"', "A=b", "psql mydb", "'mysql://u:p@h/d'"])
    expect(unwrapConnectionString(text)).toBe(text);
});

describe("parameters", () => {
  const string = (query: string) => `postgresql://u:p@h.example/d?${query}`;

  test("whatever is known to be harmless passes, in any company and order, and is handed out", () => {
    const pair = fc.tuple(fc.constantFrom(...HARMLESS_PARAMETERS), encoded).map(([name, value]) => `${name}=${value}`);
    const pairs = fc.uniqueArray(pair, { minLength: 1, maxLength: 8, selector: (one) => one.split("=")[0] });
    fc.assert(
      fc.property(pairs, (some) => {
        expect(handedOut(string(some.join("&")))).toBe(string(some.join("&")));
      }),
    );
    for (const name of HARMLESS_PARAMETERS) expect(handedOut(string(`${name}=x`)), name).toBe(string(`${name}=x`));
  });

  test.each([
    "sslmode=require&channel_binding=require",
    "schema=public",
    "pgbouncer=true&connection_limit=1",
    "sslmode=require&supa=base-pooler.x",
    "ssl=true",
    "ssl=true&sslmode=require&ApplicationName=billing&reWriteBatchedInserts=true",
    "options=endpoint%3Dh",
    "options=-c%20search_path%3Dapp%20-c%20statement_timeout%3D5000",
    "uselibpqcompat=true&sslmode=require",
    "target_session_attrs=read-write&keepalives=1&keepalives_idle=30",
  ])("as its provider prints it: %s", (query) => {
    expect(handedOut(string(query))).toBe(string(query));
  });

  test("what decides where it leads, reads files or loads code is refused by name, however the name is written", () => {
    const written = fc
      .tuple(
        fc.constantFrom(...REFUSED_PARAMETERS.keys()),
        fc.array(fc.nat({ max: 2 }), { minLength: 40, maxLength: 40 }),
      )
      .map(([name, how]) => [
        name,
        [...name]
          .map((letter, at) => [letter, letter.toUpperCase(), `%${letter.charCodeAt(0).toString(16)}`][how[at] ?? 0])
          .join(""),
      ]);
    fc.assert(
      fc.property(written, encoded, fc.boolean(), ([name, spelled], value, first) => {
        const query = first ? `${spelled}=${value}&schema=a` : `schema=a&${spelled}=${value}`;
        expect(handedOut(string(query))).toMatchObject([
          { path: ["connection_string"], message: expect.stringMatching(`^May not have the parameter ${name}: `) },
        ]);
      }),
    );
    expect([...REFUSED_PARAMETERS.keys()]).toEqual(
      expect.arrayContaining([
        ...[
          "host",
          "hostaddr",
          "port",
          "service",
          "dbname",
          "sslcert",
          "sslkey",
          "sslrootcert",
          "passfile",
          "servicefile",
        ],
        ...["sslcrl", "sslcrldir", "sslkeylogfile", "socketfactory", "sslfactory", "replication", "requirepeer"],
      ]),
    );
  });

  test("a name that nobody knows is refused by its place, and not repeated", () => {
    const known = new Set([...HARMLESS_PARAMETERS, ...REFUSED_PARAMETERS.keys(), "sslmode", "ssl", "user", "password"]);
    const name = fc.stringMatching(/^[a-z_]{5,20}$/).filter((one) => !known.has(one) && one !== "options");
    fc.assert(
      fc.property(name, (one) => {
        const read = readConnectionString(string(`schema=a&${one}=1`));
        if (one === "require_auth") return;
        expect(read).toEqual({ ok: false, problem: expect.stringContaining("parameter 2") });
        expect(JSON.stringify(read)).not.toContain(`${one}=`);
      }),
    );
  });

  test("none of them moves the destination of a test", () => {
    const plain = targetOf({ connection_string: "postgresql://u:p@h.example/d" });
    for (const name of HARMLESS_PARAMETERS) {
      const target = targetOf({ connection_string: string(`${name}=other.example`) });
      expect(target, name).toEqual(plain);
    }
  });
});

test.each([
  ["channel_binding=require", true],
  ["channelBinding=require", true],
  ["channel_binding=prefer", false],
  ["require_auth=scram-sha-256", true],
  ["require_auth=!password,!md5", true],
  ["require_auth=scram-sha-256,md5", false],
  ["require_auth=", false],
])("a string with %s forbids to send the password itself: %s", (query, onlyProves) => {
  expect(targetOf({ connection_string: `postgresql://u:p@h/d?${query}` }).onlyProves).toBe(onlyProves);
});

test.each([
  ["ssl=true", "verify-full"],
  ["ssl=1", "verify-full"],
  ["ssl=require", "require"],
  ["ssl=false", undefined],
  ["ssl=true&sslmode=disable", "disable"],
])("%s is the TLS mode %s", (query, sslmode) => {
  expect(targetOf({ connection_string: `postgresql://u:p@h/d?${query}` }).sslmode).toBe(sslmode);
});

test("without a database it is the one of the user's name", () => {
  fc.assert(
    fc.property(
      // Nothing but stars, dots and the like is what stands for a hidden name.
      encoded.filter((text) => /[\p{L}\p{N}]/u.test(decodeURIComponent(text))),
      fc.constantFrom("", "/", "?sslmode=require", "/?sslmode=require", ":5432", ":5432/"),
      (user, end) => {
        const connection_string = `postgres://${user}:p@h.example${end}`;
        const name = decodeURIComponent(user);
        expect(targetOf({ connection_string })).toMatchObject({
          host: "h.example",
          port: 5432,
          user: name,
          database: name,
        });
        expect(handedOut(connection_string)).toBe(connection_string);
        expect(pasteConnectionString(connection_string)).toMatchObject({ data: { database: name, username: name } });
      },
    ),
  );
});

test("JDBC's way to name user and password is read, handed out and rotated", () => {
  const rest = "db.example.com/app?user=ann&password=p%40ss&ssl=true";
  expect(handedOut(`jdbc:postgresql://${rest}`)).toBe(`postgresql://${rest}`);
  const connection_string = `postgresql://${rest}`;
  expect(targetOf({ connection_string })).toMatchObject({ user: "ann", password: "p@ss", database: "app" });
  const rotated = withPassword({ connection_string }, "NEW");
  expect(targetOf(rotated)).toEqual({ ...targetOf({ connection_string }), password: "NEW" });
  const spelled = withPassword({ connection_string: "postgresql://ann@h/app?%70assword=old&schema=a" }, "NEW");
  expect(targetOf(spelled)).toMatchObject({ user: "ann", password: "NEW" });
  expect(readConnectionString("postgresql://ann:p@h/app?password=").ok).toBe(false);
  expect(readConnectionString("postgresql://h/app?user=").ok).toBe(false);
  const bare = withPassword({ connection_string: "postgresql://db.example.com?user=ann" }, "NEW");
  expect(targetOf(bare)).toMatchObject({ host: "db.example.com", user: "ann", password: "NEW" });
});

describe("a pasted address", () => {
  test("fills the fields, and names what none of them holds", () => {
    expect(pasteConnectionString(" postgres://u:p%40@h:1/d?sslmode=prefer\n")).toEqual({
      ok: true,
      data: { host: "h", port: 1, database: "d", username: "u", password: "p@", sslmode: "require" },
    });
    const neon = pasteConnectionString("postgresql://u:p@h/d?sslmode=require&channel_binding=require&schema=a");
    expect(neon).toMatchObject({ ok: true, note: expect.stringContaining("channel_binding, schema") });
    expect(pasteConnectionString("jdbc:postgresql://h:5433/d")).toEqual({
      ok: true,
      data: { host: "h", port: 5433, database: "d" },
    });
  });

  test("is found in a settings file, if it is the only one there, and is not put together from pieces", () => {
    const file = '# local\nexport NODE_ENV=production\n\nDATABASE_URL="postgresql://u:p@h/d"\nPORT=3000\n';
    expect(pasteConnectionString(file)).toEqual(pasteConnectionString("postgresql://u:p@h/d"));
    expect(pasteConnectionString(`${file}DIRECT_URL=postgresql://u:p@h/d\n`)).toMatchObject({ ok: false });
    expect(pasteConnectionString("postgresql://u:p@db.exam\nple.com/d")).toMatchObject({ ok: false });
  });

  test("that cannot be read is refused in the words of the API, without the text", () => {
    for (const password of ["p@ss", "p#ss", "p%ss", "p:ss", "p/ss", "p?ss"]) {
      const text = `postgresql://u:${password}@db.example.com:5432/app`;
      const pasted = pasteConnectionString(text);
      expect(pasted, password).toMatchObject({ ok: false, problem: expect.stringMatching(/%[2-4][0-9A-F]/) });
      expect(handedOut(text)).toMatchObject([{ message: (pasted as { problem: string }).problem }]);
      expect(JSON.stringify(pasted)).not.toContain(password);
    }
    expect(pasteConnectionString("hello")).toMatchObject({
      ok: false,
      problem: expect.stringContaining("postgresql://"),
    });
  });

  test.each([
    ...["[YOUR-PASSWORD]", "<password>", "YOUR_PASSWORD", "changeme", "[your password]", "{password}", "******"],
    ...["your-db-password", "CHANGE_ME", "<your_password_here>", "$" + "{DB_PASSWORD}"],
  ])("with the placeholder %s leaves the password empty and says so", (placeholder) => {
    const pasted = pasteConnectionString(
      `postgresql://postgres.ref:${encodeURI(placeholder)}@db.example.com:6543/postgres`,
    );
    expect(pasted).toEqual({
      ok: true,
      data: { host: "db.example.com", port: 6543, database: "postgres", username: "postgres.ref" },
      blank: ["password"],
      note: "The address holds a placeholder.",
    });
  });

  test("with a real password is not taken for one with a placeholder", () => {
    for (const password of ["password", "postgres", "yourself", "[x9$]", "changeling", "{1}", "Your+Pass1"]) {
      const pasted = pasteConnectionString(`postgresql://u:${encodeURIComponent(password)}@h/d`);
      expect(pasted).toMatchObject({ ok: true, data: { password } });
    }
  });
});
