import "server-only";
import { applicationRole, isPooled, sharedPool, sqlState, statement } from "@/lib/platform/db";

interface WhoWeAre {
  role: string;
  bypasses: boolean;
  owns: boolean;
  zone: string;
  limit: string;
  idleLimit: string;
}

const WHO_WE_ARE = `SELECT current_user AS role, r.rolsuper OR r.rolbypassrls AS bypasses,
    pg_has_role(current_user, c.relowner, 'USAGE') AS owns, current_setting('TimeZone') AS zone,
    current_setting('statement_timeout') AS limit, current_setting('idle_in_transaction_session_timeout') AS "idleLimit"
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
  if (!isBound)
    throw withoutOptions(`makes us the role ${me.role}${isPooled() ? "" : ", in spite of our start-up options"}`);
  if (me.zone !== "UTC") throw withoutOptions(`sets the time zone ${me.zone}`);
  if (me.limit === "0" || me.idleLimit === "0")
    throw withoutOptions("lets statements or idle transactions take for ever");
  if (!isPooled() && (await sharesSessions()))
    throw new Error(
      "A pooler in front of the database hands out its sessions by transaction. Set DATABASE_POOLER=transaction, and " +
        "MIGRATION_DATABASE_URL to the address of the database itself.",
    );
}

/** Protocol violation: what a pooler answers to options that it does not know. */
const refusesOptions = (error: unknown): boolean => sqlState((error as { cause?: unknown }).cause ?? {}) === "08P01";

/** Whether a connection of ours gets another session while somebody else is in a transaction. */
async function sharesSessions(): Promise<boolean> {
  const [one, other] = [await sharedPool().connect(), await sharedPool().connect()];
  const session = async (of: typeof one) =>
    (await of.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid;
  try {
    const before = await session(one);
    await other.query("BEGIN");
    const [others, after] = [await session(other), await session(one)];
    await other.query("COMMIT");
    return before !== after || before === others;
  } finally {
    one.release();
    other.release();
  }
}

const withoutOptions = (what: string): Error =>
  new Error(
    `The database, or a pooler in front of it, ${what}. Connect directly, or give these to the user of DATABASE_URL, which neither owns ` +
      "the tables nor is a superuser or has BYPASSRLS: " +
      `ALTER ROLE … SET role = ${applicationRole()}; ALTER ROLE … SET timezone = 'UTC'; ALTER ROLE … SET statement_timeout = 15000; ` +
      "ALTER ROLE … SET idle_in_transaction_session_timeout = 30000; and let the pooler begin its sessions anew. PgBouncer in transaction " +
      "mode: set DATABASE_POOLER=transaction. In session mode: ignore_startup_parameters = options.",
  );
