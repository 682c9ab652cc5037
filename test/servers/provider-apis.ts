import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuthorizationServer } from "./authorization-server";

/**
 * In the place of Google's API and Microsoft Graph, on a loopback port: a stand-in that answers the few questions of
 * connection tests and lists, to those whose token the authorization servers have issued and still know.
 */
export interface ProviderApis {
  url: string;
  /** Whose tokens count. */
  trust: (servers: AuthorizationServer[]) => void;
  /** Every request so far, without its token: "GET /v1.0/me". */
  asked: string[];
  /** Answers from now on with this status instead, if it is set. */
  failing: number | undefined;
  stop: () => Promise<void>;
}

export async function startProviderApis(): Promise<ProviderApis> {
  let trusted: AuthorizationServer[] = [];
  const known = async (token: string): Promise<Known | undefined> => {
    const found = await Promise.all(trusted.map((server) => server.known(token)));
    return found.find((one) => one !== undefined);
  };
  const http = createServer((request, response) => {
    answer(request, known).then(
      ({ status, body }) => {
        const path = new URL(request.url ?? "/", "http://localhost").pathname;
        apis.asked.push(`${request.method} ${path}`);
        send(response, apis.failing ?? status, apis.failing ? { error: { message: WORDS } } : body);
      },
      () => send(response, 500, {}),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const apis: ProviderApis = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    trust: (servers) => {
      trusted = servers;
    },
    asked: [],
    failing: undefined,
    stop: async () => {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
  return apis;
}

/** What a provider writes into an error, which nobody may pass on. */
export const WORDS = "PROVIDER-WORDS that nobody of ours repeats";

interface Known {
  scope: string;
  account: string | undefined;
}
interface Reply {
  status: number;
  body: unknown;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function answer(request: IncomingMessage, known: (token: string) => Promise<Known | undefined>): Promise<Reply> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/oauth2/v3/tokeninfo") {
    const token = new URLSearchParams(await bodyOf(request)).get("access_token") ?? "";
    const info = await known(token);
    return info
      ? { status: 200, body: { scope: info.scope, email: info.account, expires_in: "3000" } }
      : { status: 400, body: { error: "invalid_token" } };
  }
  const caller = await known(/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "");
  if (!caller) return { status: 401, body: { error: { message: WORDS } } };
  const route = routes.find(({ path }) => path.test(url.pathname));
  if (!route) return { status: 404, body: { error: { message: WORDS } } };
  const may = route.needs.some((scope) => caller.scope.split(" ").some((one) => one.endsWith(scope)));
  if (!may) return { status: 403, body: { error: { message: WORDS } } };
  return { status: 200, body: route.body(url) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const SITE = "contoso.sharepoint.com,11111111-1111-4111-8111-111111111111,22222222-2222-4222-8222-222222222222";
const sites = ["Finance", "People", "Research"].map((name, at) => ({
  id: SITE.replace(/.$/, String(at)),
  name: name.toLowerCase(),
  displayName: name,
  webUrl: `https://contoso.sharepoint.com/sites/${name.toLowerCase()}`,
}));
const drives = [
  { id: "b!drive-one", name: "Documents", driveType: "documentLibrary", webUrl: "https://contoso.example/d" },
];
const children = [
  { id: "01FOLDER", name: "Invoices", folder: { childCount: 3 }, webUrl: "https://contoso.example/d/Invoices" },
  { id: "01FILE", name: "Plan.docx", file: {} },
];

const driveScopes = ["/auth/drive.file", "/auth/drive.readonly", "/auth/drive"];
const driveOf: Record<string, string[]> = { root: ["Invoices", "Letters", "Plans"], "folder-Invoices": ["2026"] };

/** As Google Drive answers: what is asked for in its language of questions, page by page. */
function driveFolders({ searchParams }: URL) {
  const [, parent = ""] = QUESTION.exec(searchParams.get("q") ?? "") ?? [];
  const all = (driveOf[parent] ?? []).map((name) => ({
    id: `folder-${name}`,
    name,
    webViewLink: `https://drive.google.com/drive/folders/folder-${name}`,
  }));
  const from = Number(searchParams.get("pageToken") ?? 0);
  const upTo = from + Number(searchParams.get("pageSize") ?? 100);
  return { files: all.slice(from, upTo), ...(upTo < all.length && { nextPageToken: String(upTo) }) };
}
const QUESTION = /^mimeType = 'application\/vnd\.google-apps\.folder' and '([^']+)' in parents and trashed = false$/;

const everySite = ["Sites.Read.All", "Sites.ReadWrite.All", "/.default"];
const everyFile = [...everySite, "Files.Read.All", "Files.ReadWrite.All", "Files.Read"];
const routes: { path: RegExp; needs: string[]; body: (url: URL) => unknown }[] = [
  {
    path: /^\/drive\/v3\/about$/,
    needs: driveScopes,
    body: () => ({ kind: "drive#about" }),
  },
  { path: /^\/drive\/v3\/files$/, needs: driveScopes, body: driveFolders },
  { path: /^\/v1\.0\/me$/, needs: ["User.Read"], body: () => ({ id: "me" }) },
  { path: /^\/v1\.0\/organization$/, needs: ["/.default"], body: () => ({ value: [{ id: "org" }] }) },
  { path: /^\/v1\.0\/sites$/, needs: everySite, body: (url) => paged(url, sites) },
  { path: /^\/v1\.0\/sites\/(root|contoso[^/]*)$/, needs: everySite, body: () => ({ id: SITE }) },
  { path: /^\/v1\.0\/sites\/contoso[^/]*\/drives$/, needs: everySite, body: (url) => paged(url, drives) },
  {
    path: /^\/v1\.0\/(drives\/b!drive-one|sites\/contoso[^/]*\/drive|me\/drive)\/(root|items\/01FOLDER)\/children$/,
    needs: everyFile,
    body: (url) => paged(url, children),
  },
  { path: /^\/v1\.0\/me\/drive$/, needs: everyFile, body: () => ({ id: "b!drive-one" }) },
];

/** As Microsoft Graph pages: a whole address, of which a word says where to go on. */
function paged(url: URL, rows: object[]) {
  const from = Number(url.searchParams.get("$skiptoken") ?? 0);
  const upTo = from + Number(url.searchParams.get("$top") ?? 100);
  const next = `https://graph.microsoft.com${url.pathname}?$skiptoken=${upTo}`;
  return { value: rows.slice(from, upTo), ...(upTo < rows.length && { "@odata.nextLink": next }) };
}
