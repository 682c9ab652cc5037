import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestReport } from "@/lib/providers/report";
import { freePort } from "../servers/peer";
import { allowing, buildWorker, tryOut, walked } from "./worker";

/** A real server that a kind is tried out against. */
interface Running {
  user: string;
  password: string;
  /** Path of the certificate of the authority that signed its own, which is made out for localhost alone. */
  authority: string;
  stop: () => Promise<void>;
}

export const REACHED = ["values ok", "resolve ok", "address ok", "connect ok"];

/**
 * Starts a server for a test file, and makes a worker that trusts its authority, as an operator would who has one of their
 * own.
 */
export function withServer<T extends Running>(kind: string, start: () => Promise<T>) {
  let server: T;
  let worker: Awaited<ReturnType<typeof buildWorker>>;
  beforeAll(async () => {
    server = await start();
    process.env.NODE_EXTRA_CA_CERTS = server.authority;
    worker = await buildWorker();
  }, 60_000);
  afterAll(async () => {
    worker?.forget();
    await server?.stop();
  }, 30_000);
  const tried = (port: number, change: Record<string, unknown> = {}, as = kind): Promise<TestReport> =>
    tryOut(
      as,
      "user_password",
      { host: "localhost", port, user: server.user, password: server.password, ...change },
      { policy: allowing(port) },
    );
  return { server: () => server, tried };
}

/** What every protocol's driver promises, over TLS at one port of a server. */
export function provesSignIn<T extends Running>(
  { server, tried }: ReturnType<typeof withServer<T>>,
  ways: (server: T) => { port: number; tls?: string }[],
): void {
  const reports = (change: Record<string, unknown>) =>
    Promise.all(ways(server()).map(({ port, tls }) => tried(port, { ...(tls && { tls }), ...change })));

  test("signs in over TLS that was verified", async () => {
    for (const report of await reports({})) {
      expect(walked(report).slice(0, 6)).toEqual([...REACHED, "tls ok", "sign_in ok"]);
      expect(report.outcome).toBe("ok");
      expect(report.facts.certificateExpiresAt).toBeDefined();
    }
  });

  test("tells a wrong password from what answers not at all", async () => {
    for (const report of await reports({ password: "wrong-password" }))
      expect(report).toMatchObject({ outcome: "failed", reason: "wrong_credentials" });
    const closed = await tried(await freePort());
    expect(closed).toMatchObject({ outcome: "unreachable", reason: "connection_refused" });
    expect(closed.steps.find(({ code }) => code)?.field).toBe("port");
  });

  test("sends nothing to a server whose certificate is of another name, unless the values say so", async () => {
    const host = "127.0.0.1";
    const [refused, taken] = await Promise.all([reports({ host }), reports({ host, accepts_any_certificate: true })]);
    for (const report of refused) {
      expect(report).toMatchObject({ outcome: "failed", reason: "certificate_name_mismatch" });
      expect(report.steps.find(({ code }) => code)?.field).toBe("host");
    }
    for (const report of taken) {
      expect(report.outcome).toBe("ok");
      expect(walked(report)).toContain("tls warning certificate_not_checked");
    }
  });
}
