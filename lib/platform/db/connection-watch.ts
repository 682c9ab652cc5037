import "server-only";
import pg from "pg";

/**
 * Tells a database that is away from one that is slow. A statement that has been under way for a while starts a probe on a
 * connection of its own; when that gets no answer either, what waits is ended and its connections are destroyed. While
 * the probe is answered, however late the statement is, it goes on.
 */
const SUSPECT_MS = 2_000;
/** A busy machine may take seconds to let somebody in, and is not away. */
const PROBE_MS = 5_000;
const LOOK_MS = 250;

export interface Watch {
  /** Looks after a connection of the pool from now on. */
  add: (client: pg.PoolClient) => void;
  end: () => void;
}

interface Suspect {
  since: number;
  destroy: () => void;
}

export function watchConnections(config: pg.ClientConfig): Watch {
  const busy = new Map<pg.PoolClient, Suspect>();
  let probing = false;
  const look = async () => {
    const suspects = [...busy.values()].filter(({ since }) => performance.now() - since > SUSPECT_MS);
    if (probing || suspects.length === 0) return;
    probing = true;
    const asked = performance.now();
    const answered = await answers(config);
    // The next one not at once: a statement may take its time.
    if (answered) await new Promise((resolve) => setTimeout(resolve, SUSPECT_MS).unref());
    else for (const { since, destroy } of [...busy.values()]) if (since < asked) destroy();
    probing = false;
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return {
    add(client) {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      client.query = ((...args: unknown[]) => {
        if (!busy.has(client))
          busy.set(client, { since: performance.now(), destroy: () => streamOf(client).destroy() });
        return query(...args);
      }) as typeof client.query;
      // Said whenever nothing is under way on it any more.
      for (const event of ["drain", "end"]) client.on(event as "end", () => busy.delete(client));
    },
    end: () => clearInterval(timer),
  };
}

/** The driver's types do not name it: ending politely would wait for the very database that does not answer. */
const streamOf = (client: pg.PoolClient) =>
  (client as unknown as { connection: { stream: import("node:net").Socket } }).connection.stream;

/** Whether the database says anything at all within the time: a refusal, for too many connections say, is an answer. */
async function answers(config: pg.ClientConfig): Promise<boolean> {
  const probe = new pg.Client({ ...config, connectionTimeoutMillis: PROBE_MS, query_timeout: PROBE_MS });
  probe.on("error", () => undefined);
  const deadline = setTimeout(() => streamOf(probe as unknown as pg.PoolClient).destroy(), PROBE_MS);
  try {
    await probe.connect();
    await probe.query("SELECT 1");
    return true;
  } catch (error) {
    return /^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code ?? "")) && error instanceof pg.DatabaseError;
  } finally {
    clearTimeout(deadline);
    void probe.end().catch(() => undefined);
  }
}
