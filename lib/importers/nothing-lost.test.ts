import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseData } from "@/lib/providers/define";
import { findMethod, methodOfStored } from "@/lib/providers/index";
import { offline } from "@/test/importers/offline";
import { kinds as airflow } from "./airflow/kinds";
import { read as readAirflow } from "./airflow/source";
import type { SourceRow } from "./define";
import type { Mapping } from "./mapping";
import { kinds as n8n } from "./n8n/kinds";
import { read as readN8n } from "./n8n/source";

/**
 * Whatever part of a known type's fields a row has, and whatever stands beside them, it is taken, and each of its values is
 * in the credential or named in a note.
 */
type Values = Record<string, unknown>;

/** Values that the fields of ours accept, by the kind's own example; whatever else a field is called, a text of its own. */
function sampleOf(name: string, mappings: Mapping[]): unknown {
  if (name === "port") return 4321;
  if (name === "host") return "host-of.example.com";
  if (name === "tls" || name === "extra.srv") return true;
  if (name === "extra.host_key") return `ssh-ed25519 SHA256:${"a".repeat(43)}`;
  for (const { provider, type, fields } of mappings) {
    const method =
      findMethod(provider, type ?? "api_key") ??
      findMethod(provider, type ?? "user_password") ??
      findMethod(provider, "oauth2");
    const target = fields[name];
    const field = target === undefined ? undefined : method?.fields[target];
    if (
      target &&
      (field?.options || field?.control === "switch" || field?.control === "number" || field?.control === "multiline")
    ) {
      return method?.example[target];
    }
  }
  return `value-of-${name}`;
}

/** Every name that a table knows, a few that it does not, and one that no field can have. */
function namesIn(mappings: Mapping[]): string[] {
  const known = mappings.flatMap(({ fields, drop = [], join, defaults }) => [
    ...Object.keys(fields),
    ...drop.map((rule) => rule.replace(/\*$/, "_idle").replace(/=.*$/, "")),
    ...(join?.from({ tls: true, "extra.srv": true }) ?? []),
    ...Object.keys(typeof defaults === "function" ? defaults({}) : (defaults ?? {})),
  ]);
  return [...new Set(known)];
}

const isKept = (name: string, value: unknown, row: Extract<SourceRow, { found: object }>) => {
  const [plain, encoded] = [String(value).trim(), encodeURIComponent(String(value))];
  // The form of the address says it.
  if (name === "extra.srv" && JSON.stringify(row.found.data).includes("mongodb+srv://")) return true;
  const kept = JSON.stringify(row.found.data).replaceAll("\\\\", "\\");
  return (
    [plain, encoded, JSON.stringify(plain).slice(1, -1)].some((text) => kept.includes(text)) ||
    row.notes.some((note) => note.includes(name))
  );
};

function expectTaken(row: SourceRow | undefined, values: Values): void {
  if (!row || !("found" in row)) throw new Error("The row was not taken");
  const { provider, type, data } = row.found;
  const method = methodOfStored(provider, type);
  const parsed = method && parseData(method, data);
  expect(parsed, JSON.stringify([provider, parsed, row.notes])).toMatchObject({ ok: true });
  for (const [name, value] of Object.entries(values))
    expect(isKept(name, value, row), `${name} of ${provider}: ${JSON.stringify(row)}`).toBe(true);
}

const strange = { "a name with spaces": "value-of-spaces", another_field: "value-of-another" };

describe.each(Object.entries(n8n))("n8n's %s", (type, mappings) => {
  test("is taken with any part of its fields, and nothing is lost", async () => {
    const all = Object.fromEntries(namesIn(mappings).map((name) => [name, sampleOf(name, mappings)]));
    await fc.assert(
      fc.asyncProperty(fc.subarray(Object.entries({ ...all, ...strange })), async (some) => {
        const data = Object.fromEntries(some);
        const bytes = Buffer.from(JSON.stringify([{ id: "a", name: "n", type, data }]));
        const [row] = await readN8n({ content: { bytes }, network: offline });
        expectTaken(row, data);
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(Object.entries(airflow))("Airflow's %s", (type, mappings) => {
  test("is taken with any part of its fields, and nothing is lost", async () => {
    const names = [...new Set(["login", "password", "host", "port", "schema", ...namesIn(mappings)])];
    const all = Object.fromEntries(names.map((name) => [name, sampleOf(name, mappings)]));
    const extras = Object.fromEntries(Object.entries(strange).map(([name, value]) => [`extra.${name}`, value]));
    await fc.assert(
      fc.asyncProperty(fc.subarray(Object.entries({ ...all, ...extras })), async (some) => {
        const fields = some.filter(([name]) => !name.startsWith("extra."));
        const extra = some.flatMap(([name, value]) => (name.startsWith("extra.") ? [[name.slice(6), value]] : []));
        const connection = {
          conn_type: type,
          ...Object.fromEntries(fields),
          extra: JSON.stringify(Object.fromEntries(extra)),
        };
        const bytes = Buffer.from(JSON.stringify({ one: connection }));
        const [row] = await readAirflow({ content: { bytes }, network: offline });
        expectTaken(row, Object.fromEntries(some));
      }),
      { numRuns: 60 },
    );
  });
});
