import { randomUUID } from "node:crypto";
import pg from "pg";
import type * as Core from "@/lib/credentials";
import type { Tenant } from "@/test/tenant";
import type { Postgres } from "../servers/postgres";

export interface Subject {
  id: string;
  role: string;
  first: string;
}

/** Roles of their own on a real server, the credentials that sign in as them, and a look at both. */
export const rolesOn = (server: Postgres, core: typeof Core, owner: pg.Pool, own: () => Tenant) => ({
  async subject(change: Record<string, unknown> = {}): Promise<Subject> {
    const role = `r_${randomUUID().replaceAll("-", "")}`;
    const first = `first-${randomUUID()}`;
    await server.query(`CREATE ROLE ${role} LOGIN PASSWORD '${first}'`);
    const data = { host: "localhost", port: server.port, database: "app", username: role, password: first, ...change };
    const view = await core.createCredential(own().user, { provider: "postgresql", type: "user_password", data });
    return { id: view.id, role, first };
  },

  stored: async (id: string) => String((await core.fetchSecret(own().program, id)).data.password),

  async signsIn({ role }: Subject, password: string): Promise<boolean> {
    const client = new pg.Client({ host: "localhost", port: server.port, database: "app", user: role, password });
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  },

  /** What the audit log says of its rotations, oldest first. */
  async actionsOf(id: string): Promise<string[]> {
    const { rows } = await owner.query<{ action: string; outcome: string }>(
      "SELECT action, outcome FROM audit_event WHERE target_id = $1 AND action LIKE 'credential.rot%' ORDER BY seq",
      [id],
    );
    return rows.map(({ action, outcome }) => `${action} ${outcome}`);
  },
});
