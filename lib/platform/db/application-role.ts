import "server-only";
import { applicationRole, sqlState, statement } from "@/lib/platform/db";

interface WhoWeAre {
  role: string;
  bypasses: boolean;
  owns: boolean;
  zone: string;
  limit: string;
}

const WHO_WE_ARE = `SELECT current_user AS role, r.rolsuper OR r.rolbypassrls AS bypasses,
    pg_has_role(current_user, c.relowner, 'USAGE') AS owns, current_setting('TimeZone') AS zone,
    current_setting('statement_timeout') AS limit
  FROM pg_roles r, pg_class c WHERE r.rolname = current_user AND c.oid = to_regclass('audit_event')`;

/**
 * Whoever signs in must have become the role that owns nothing and that row-level security binds: a pooler that drops
 * start-up options would leave us the owner, with every organisation's rows in sight.
 * @throws Error that says what to change
 */
export async function requireApplicationRole(): Promise<void> {
  const [me] = await statement<WhoWeAre>("who_we_are", WHO_WE_ARE, []).catch((error: unknown) => {
    throw refusesOptions(error) ? withoutOptions("does not let us in with our start-up options") : error;
  });
  if (!me) throw new Error("The database has no tables of ours: see that DATABASE_URL names the right one");
  const isBound = me.role === applicationRole() && !me.bypasses && !me.owns;
  if (!isBound) throw withoutOptions(`makes us the role ${me.role}, in spite of our start-up options`);
  if (me.zone !== "UTC" || me.limit === "0") throw withoutOptions("drops our start-up options");
}

/** Protocol violation: what a pooler answers to options that it does not know. */
const refusesOptions = (error: unknown): boolean => sqlState((error as { cause?: unknown }).cause ?? {}) === "08P01";

const withoutOptions = (what: string): Error =>
  new Error(
    `The database, or a pooler in front of it, ${what}. Connect directly, or let PgBouncer ignore them (session mode, ` +
      "ignore_startup_parameters = options) and give them to the user of DATABASE_URL instead: " +
      `ALTER ROLE … SET role = ${applicationRole()}; ALTER ROLE … SET timezone = 'UTC'; ALTER ROLE … SET statement_timeout = 15000; ` +
      "ALTER ROLE … SET idle_in_transaction_session_timeout = 30000;",
  );
