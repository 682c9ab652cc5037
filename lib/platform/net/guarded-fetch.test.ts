import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createPlain, type RequestListener } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Authority, makeAuthority } from "@/test/servers/certificates";
import { freePort } from "@/test/servers/peer";
import { type GuardedFetchOptions, guardedFetch, type OutsideRequest } from "./guarded-fetch";
import { readAllowList } from "./policy";

const folder = mkdtempSync(join(tmpdir(), "latchkey-fetch-"));
const open: Server[] = [];
let authority: Authority;
let secure: number;
let other: number;

beforeAll(async () => {
  authority = makeAuthority(folder);
  const certificateOf = (name: string, names: string[]) => {
    const { certificate, key } = authority.issue(name, { names });
    return { cert: readFileSync(certificate), key: readFileSync(key) };
  };
  const hello: RequestListener = (request, response) => response.end(`hello ${request.headers.host}`);
  secure = await listening(createSecure(certificateOf("api", ["DNS:api.example.com"]), hello));
  other = await listening(createSecure(certificateOf("other", ["DNS:other.example.com"]), hello));
});
afterAll(() => {
  for (const server of open) server.close();
  rmSync(folder, { recursive: true });
});

async function listening(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
const plain = (listener: RequestListener) => listening(createPlain(listener));

/** Every name leads to this machine; `lookups` counts how often it was asked for. */
let lookups = 0;
const limits = { totalMs: 10_000, connectMs: 5_000, maxBytes: 64 * 1024 };
const here: GuardedFetchOptions = {
  limits,
  policy: { allow: readAllowList("127.0.0.0/8:1-65535"), selfEndpoints: [] },
  lookup: async () => {
    lookups += 1;
    return ["127.0.0.1"];
  },
};
const get = (url: string, options: GuardedFetchOptions = here, change: Partial<OutsideRequest> = {}) =>
  guardedFetch({ url, method: "GET", headers: {}, ...change }, options);
const reason = (url: string, options?: GuardedFetchOptions) =>
  get(url, options).then(
    (answer) => `answered ${answer.status}`,
    (error) => error.reason,
  );

describe("asking outside", () => {
  test("looks a name up once, dials what was judged, and sends the name along", async () => {
    lookups = 0;
    const answer = await get(`https://api.example.com:${secure}/`, { ...here, ca: authority.certificate });
    expect(answer.body.toString()).toBe(`hello api.example.com:${secure}`);
    expect(lookups).toBe(1);
  });

  test("refuses a certificate of another name, and one of an unknown authority", async () => {
    expect(await reason(`https://api.example.com:${other}/`, { ...here, ca: authority.certificate })).toBe(
      "tls_failed",
    );
    expect(await reason(`https://api.example.com:${secure}/`)).toBe("tls_failed");
  });

  test.each(["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::a00:1"])(
    "refuses a name that leads to %s, also beside a public address",
    async (address) => {
      const policy = { allow: [], selfEndpoints: [] };
      expect(await reason("https://inner.example.com/", { limits, policy, lookup: async () => [address] })).toBe(
        "not_allowed",
      );
      const both = async () => ["93.184.216.34", address];
      expect(await reason("https://inner.example.com/", { limits, policy, lookup: both })).toBe("not_allowed");
    },
  );

  test("does not follow a redirect", async () => {
    const port = await plain((_request, response) => response.writeHead(307, { location: "http://10.0.0.1/" }).end());
    expect(await reason(`http://a.example.com:${port}/`)).toBe("answered 307");
  });

  test("cuts off an endless answer, endless headers, a silent server and a caller who has gone", async () => {
    const endless = await plain((_request, response) => {
      const more = () => response.writable && response.write("x".repeat(9_000), more);
      more();
    });
    expect(await reason(`http://a.example.com:${endless}/`)).toBe("unreadable");
    const headers = await plain((_request, response) => response.writeHead(200, { big: "y".repeat(200_000) }).end());
    expect(await reason(`http://a.example.com:${headers}/`)).toBe("unreadable");
    const silent = await plain(() => undefined);
    expect(await reason(`http://a.example.com:${silent}/`, { ...here, limits: { ...limits, totalMs: 300 } })).toBe(
      "no_answer",
    );
    expect(await reason(`http://a.example.com:${silent}/`, { ...here, signal: AbortSignal.abort() })).toBe("no_answer");
  });

  test("tells a name that leads nowhere from a port that nobody listens on", async () => {
    const nowhere = { ...here, lookup: () => Promise.reject(Object.assign(new Error(), { code: "ENOTFOUND" })) };
    expect(await reason("https://nowhere.example.com/", nowhere)).toBe("not_resolved");
    expect(await reason(`http://a.example.com:${await freePort()}/`)).toBe("not_connected");
  });

  test("never repeats what was sent in an error", async () => {
    const failure = await get("http://a.example.com/?key=MARKER", here, {
      headers: { authorization: "Bearer MARKER\n" },
    }).catch((error: Error) => error);
    expect(String((failure as Error).message)).not.toContain("MARKER");
  });
});
