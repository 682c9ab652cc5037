import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { credentialColumns, namesOf, selectionOf, sqlNameOf, sqlTypeOf } from "./columns";

const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 1 });
afterAll(() => owner.end());

const names = Object.keys(credentialColumns) as (keyof typeof credentialColumns)[];

describe("the description of a credential's row", () => {
  test("has every column of the table, by its name and type, and says which may be null in a live row", async () => {
    const { rows } = await owner.query(
      `SELECT attname AS name, split_part(format_type(atttypid, NULL), ' ', 1) AS type, NOT attnotnull AS nullable
         FROM pg_attribute WHERE attrelid = 'credential'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1`,
    );
    const described = names.map((name) => ({
      name: sqlNameOf(name),
      type: sqlTypeOf(name).replace("timestamptz", "timestamp"),
      nullable: credentialColumns[name].type.endsWith("?") || SHREDDED.includes(name) || name === "tags",
    }));
    expect(described.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(rows);
  });

  test("names what the database lets a change write, and nothing that it keeps to itself", async () => {
    const body = await bodyOf("update_credential");
    const written = [...body.matchAll(/(\w+) = (?:CASE WHEN n \?|coalesce\(secret)/g)].map(([, name]) => name);
    expect([...namesOf("change"), ...namesOf("reseal")].map(sqlNameOf).sort()).toEqual(written.sort());
  });

  test("names nothing for a new row that the database would not store", async () => {
    const body = await bodyOf("insert_credential");
    const stored = /INSERT INTO credential \(([^)]*)\)/.exec(body)?.[1]?.split(", ");
    expect(stored).toEqual(expect.arrayContaining(namesOf("create").map(sqlNameOf)));
  });

  test("has the columns that the database hands over for a fetch", async () => {
    const { rows } = await owner.query(
      "SELECT proargnames[5:] AS names FROM pg_proc WHERE proname = 'secrets_in' AND pronargs = 4",
    );
    expect(rows.map(({ names }) => names.sort())).toEqual([[...namesOf("fetch").map(sqlNameOf), "granted"].sort()]);
  });

  test("lets no list, view or page select what is sealed, searched or the database's own", () => {
    for (const use of ["list", "view"] as const) {
      expect(selectionOf(use)).not.toMatch(/c\.(sealed|key_id|search|org_id|deleted_at|refresh_\w+)\b/);
    }
  });
});

/** Gone once the credential is deleted, and in every row that is read. */
const SHREDDED = ["sealed", "keyId"];

async function bodyOf(name: string): Promise<string> {
  const { rows } = await owner.query("SELECT prosrc FROM pg_proc WHERE proname = $1", [name]);
  expect(rows).toHaveLength(1);
  return rows[0].prosrc;
}
