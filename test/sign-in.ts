import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { walkThrough } from "@/test/oauth/browser";
import { buildWorker } from "@/test/providers/worker";
import { type Answer, type Api, startApi } from "./api";
import type { AuthorizationServer } from "./servers/authorization-server";
import { type SignInProviders, settingsFor, startSignInProviders, TENANT } from "./servers/sign-in-providers";
import { type Tenant, tenant } from "./tenant";

export { TENANT };

/** Where the product believes to be served. */
export const HOME = "http://localhost:3000";
export const PATH = "/api/integrations/credentials";

const callbacks = [
  ...["google", "microsoft", "sharepoint"].map((name) => `/api/integrations/${name}/callback`),
  "/api/integrations/plugins/google/oauth/callback",
  "/api/plugins/google/google_oauth/oauth/callback",
  "/api/plugins/sharepoint/sharepoint/oauth/callback",
];

/** An organisation, the API, and the providers that one signs in at: certified servers in the place of the real ones. */
export interface World extends SignInProviders {
  api: Api;
  mine: Tenant;
  /** Tokens of a person and of a program. */
  user: string;
  program: string;
  serverOf: (provider: string) => AuthorizationServer;
  get: (path: string, token?: string) => Promise<Answer>;
  test: (id: string) => Promise<Answer>;
  /** What a browser does with the answer of an authorize address, up to the callback's answer. */
  comesBack: (begun: Answer, cookie?: string) => Promise<Answer>;
  /** A credential made by signing in; its id. */
  connected: (provider: string) => Promise<string>;
}

/** For the top of a test file. What it answers is filled in before the first test. */
export function signInWorld(): World {
  const world = {} as World;
  let forget = () => {};
  beforeAll(async () => {
    const servers = await startProviders();
    const [api, mine, worker] = [await startApi(), await tenant(), await buildWorker()];
    const [user, program] = [await mine.token(mine.user), await mine.token(mine.program)];
    forget = worker.forget;
    Object.assign(world, servers, { api, mine, user, program }, acts(world));
  });
  afterAll(async () => {
    forget();
    await Promise.all([world.apis, world.google, world.microsoft].map((server) => server?.stop()));
  });
  beforeEach(() => {
    for (const server of [world.google, world.microsoft]) {
      server.next = { answer: "agree", account: "ana@example.com", without: [] };
      server.accessTokenSeconds = 3_600;
    }
    world.apis.failing = undefined;
  });
  return world;
}

/** The servers, and the settings that lead to them. */
async function startProviders() {
  const providers = await startSignInProviders();
  const { google, microsoft } = providers;
  for (const server of [google, microsoft]) server.open(callbacks.map((path) => HOME + path));
  Object.assign(process.env, { OUTBOUND_ALLOW: "127.0.0.0/8:1-65535", ...settingsFor(providers) });
  return providers;
}

function acts(world: World): Pick<World, "serverOf" | "get" | "test" | "comesBack" | "connected"> {
  const get: World["get"] = (path, token = world.user) => world.api.send("GET", path, { token });
  const comesBack: World["comesBack"] = async (begun, cookie = cookieOf(begun)) => {
    const { authorization_url, redirect_uri } = begun.body;
    const query = await walkThrough(new URL(authorization_url), redirect_uri);
    return world.api.send("GET", `${new URL(redirect_uri).pathname}?${query}`, { headers: { cookie } });
  };
  return {
    serverOf: (provider) => (provider === "google" ? world.google : world.microsoft),
    get,
    test: (id) => world.api.send("POST", `${PATH}/${id}/test`, { token: world.user }),
    comesBack,
    connected: async (provider) => {
      const begun = await get(`/api/integrations/${provider}/authorize?name=${randomUUID()}`);
      expect(begun.status, begun.text).toBe(200);
      const ended = await comesBack(begun);
      expect(ended.status, ended.text).toBe(200);
      return noticeIn(ended).credentialId;
    },
  };
}

/** The cookie that ties a sign-in to its browser. */
export const cookieOf = (answer: Answer): string => answer.headers.get("set-cookie")?.split(";")[0] ?? "";

/** What the page of a callback tells the page that waits. */
export const noticeIn = ({ text }: Answer) => JSON.parse(/id="data">(.*?)<\/script>/s.exec(text)?.[1] ?? "{}").notice;
