import { describe, expect, test } from "vitest";
import { readEnv } from "@/lib/platform/env";
import { managedDatabase } from "./managed-database";

const settings = (more: Record<string, string>) =>
  readEnv({ DATABASE_URL: "postgresql://latchkey:x@vault-db.example.com:5432/latchkey", ...more });
const at = (host: string) => ({ MANAGED_DATABASE_URL: `postgresql://maker:x@${host}/postgres` });

describe("the server for managed databases", () => {
  test.each([
    [at("tenants.example.com"), { host: "tenants.example.com", port: 5432 }],
    [at("tenants.example.com:6000"), { host: "tenants.example.com", port: 6000 }],
    [
      { ...at("tenants.example.com:6000"), MANAGED_DATABASE_HOST: "pool.example.com" },
      { host: "pool.example.com", port: 6000 },
    ],
    [
      { ...at("tenants.example.com"), MANAGED_DATABASE_HOST: "pool.example.com:6432" },
      { host: "pool.example.com", port: 6432 },
    ],
    [
      { ...at("tenants.example.com"), MANAGED_DATABASE_HOST: "[2001:db8::1]:6432" },
      { host: "[2001:db8::1]", port: 6432 },
    ],
  ])("is reached by clients where the operator says: %o", (more, clients) => {
    expect(managedDatabase(settings(more))?.clients).toEqual(clients);
  });

  test("is none without the setting, and never the vault's own", () => {
    expect(managedDatabase(settings({}))).toBeUndefined();
    expect(() => managedDatabase(settings(at("vault-db.example.com")))).toThrow("another server");
    expect(() => managedDatabase(settings(at("VAULT-DB.example.com.:5432")))).toThrow("another server");
    const behind = { ...at("tenants.example.com"), MANAGED_DATABASE_HOST: "vault-db.example.com:5432" };
    expect(() => managedDatabase(settings(behind))).toThrow("another server");
    // Another port of the same machine is another server.
    expect(managedDatabase(settings(at("vault-db.example.com:5433")))?.clients.port).toBe(5433);
  });
});
