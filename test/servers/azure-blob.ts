import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * In the place of Azure's blob service, on a loopback port: a stand-in that answers lists of one account, and checks what a
 * request was signed with by the rules that Azure publishes, written anew here.
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 */
export interface AzureBlob {
  port: number;
  /** The address of the account: its name stands in the path, as with every service that has no domain of its own. */
  endpoint: string;
  /** Whether an access token counts. */
  knows: (token: string) => Promise<boolean>;
  /** Every request so far, without what it was signed with: "GET /standinaccount/invoices?comp=list". */
  asked: string[];
  /** Answers from now on like this instead, if it is set. */
  failing: { status: number; code?: string; detail?: string } | undefined;
  stop: () => Promise<void>;
}

/** Nobody's account, with a key that opens nothing else. */
export const ACCOUNT = {
  name: "standinaccount",
  key: Buffer.from("a key of the stand-in that opens nothing else than it").toString("base64"),
  container: "invoices",
};

export async function startAzureBlob(): Promise<AzureBlob> {
  const http = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    blob.asked.push(`${request.method} ${url.pathname}?comp=${url.searchParams.get("comp")}`);
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const isKnown = bearer !== undefined && (await blob.knows(bearer));
    const refusal = blob.failing ?? judged(request, url, isKnown);
    if (refusal) refuse(response, refusal);
    else response.writeHead(200, { "content-type": "application/xml" }).end(LIST);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const blob: AzureBlob = {
    port,
    endpoint: `http://127.0.0.1:${port}/${ACCOUNT.name}`,
    knows: async () => false,
    asked: [],
    failing: undefined,
    stop: async () => {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
  return blob;
}

/** What the service writes into an error, which nobody may pass on. */
export const WORDS = "AZURE-WORDS that nobody of ours repeats";

const LIST = '<?xml version="1.0" encoding="utf-8"?><EnumerationResults><NextMarker/></EnumerationResults>';

interface Failure {
  status: number;
  code?: string;
  detail?: string;
}

function refuse(response: ServerResponse, { status, code, detail }: Failure): void {
  const more = detail === undefined ? "" : `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`;
  const body = code === undefined ? WORDS : `<Error><Code>${code}</Code><Message>${WORDS}</Message>${more}</Error>`;
  response.writeHead(status, { "content-type": "application/xml", ...(code && { "x-ms-error-code": code }) }).end(body);
}

const NOT_AUTHENTICATED: Failure = { status: 403, code: "AuthenticationFailed", detail: "Signature did not match" };

function judged(request: IncomingMessage, url: URL, bearerIsKnown: boolean): Failure | undefined {
  const authorization = String(request.headers.authorization ?? "");
  const [, account, container] = url.pathname.split("/");
  if (account !== ACCOUNT.name) return { status: 404, code: "ResourceNotFound" };
  if (authorization.startsWith("SharedKey ")) {
    const expected = `SharedKey ${ACCOUNT.name}:${hmac(sharedKeyText(request, url))}`;
    if (authorization !== expected) return NOT_AUTHENTICATED;
  } else if (authorization.startsWith("Bearer ")) {
    if (!bearerIsKnown) return { status: 401, code: "InvalidAuthenticationInfo" };
  } else {
    const wrong = sasFailure(url.searchParams, container || undefined);
    if (wrong) return wrong;
  }
  return container && container !== ACCOUNT.container ? { status: 404, code: "ContainerNotFound" } : undefined;
}

const hmac = (text: string) => createHmac("sha256", Buffer.from(ACCOUNT.key, "base64")).update(text).digest("base64");

const SIGNED_HEADERS = [
  ...["content-encoding", "content-language", "content-length", "content-md5", "content-type", "date"],
  ...["if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range"],
];

/** The text that a request with an account's key is signed over, from what arrived. */
function sharedKeyText({ method = "", headers }: IncomingMessage, url: URL): string {
  const own = Object.keys(headers).filter((name) => name.startsWith("x-ms-"));
  const query = [...url.searchParams].map(([name, value]) => `${name.toLowerCase()}:${value}`);
  return [
    method,
    ...SIGNED_HEADERS.map((name) => String(headers[name] ?? "")),
    ...own.sort().map((name) => `${name}:${String(headers[name]).trim()}`),
    `/${ACCOUNT.name}${url.pathname}`,
    ...query.sort(),
  ].join("\n");
}

const VERSION = "2022-11-02";

/** A signature over the account ("rl" may list), or over its container. `until` and `from` as Azure writes times. */
export function sas({
  container = false,
  permissions = "rl",
  until = "2099-01-01T00:00:00Z",
  from = "",
}: {
  container?: boolean;
  permissions?: string;
  until?: string;
  from?: string;
} = {}): string {
  const of = new URLSearchParams({ sv: VERSION, sp: permissions, se: until, ...(from && { st: from }) });
  if (container) of.set("sr", "c");
  else for (const [name, value] of Object.entries({ ss: "b", srt: "sco" })) of.set(name, value);
  of.set("sig", hmac(sasText(of)));
  return of.toString();
}

/** The text that a signature signs. https://learn.microsoft.com/rest/api/storageservices/create-service-sas */
function sasText(query: URLSearchParams): string {
  const at = (name: string) => query.get(name) ?? "";
  const resource = `/blob/${ACCOUNT.name}/${ACCOUNT.container}`;
  return query.has("sr")
    ? [at("sp"), at("st"), at("se"), resource, ...["si", "sip", "spr", "sv", "sr"].map(at), ...Array(7).fill("")].join(
        "\n",
      )
    : [ACCOUNT.name, ...["sp", "ss", "srt", "st", "se", "sip", "spr", "sv", "ses"].map(at), ""].join("\n");
}

function sasFailure(query: URLSearchParams, container: string | undefined): Failure | undefined {
  if (query.get("sig") !== hmac(sasText(query))) return NOT_AUTHENTICATED;
  if (query.has("sr") && container !== ACCOUNT.container) return NOT_AUTHENTICATED;
  return query.get("sp")?.includes("l") ? undefined : { status: 403, code: "AuthorizationPermissionMismatch" };
}
