import "server-only";
import type { CredentialData } from "../define";
import { type HttpRequest, placeOf, usualHeaders } from "../http-exchange";
import type { BlobTarget } from "./target";

/** Any version since applications can sign in would do; emulators and the clouds of others know no new ones. */
const VERSION = "2020-10-02";

/** One question: for at most one blob where a container is named, else for at most one container. */
export async function listing(target: BlobTarget, data: CredentialData): Promise<HttpRequest & { shown: string }> {
  const { endpoint, container, access } = target;
  const url = new URL(container === undefined ? `${endpoint}/` : `${endpoint}/${encodeURIComponent(container)}`);
  // A signature is sent as it came: what it signs are its own words, letter for letter.
  const signature = access.by === "sas" ? `&${access.sas.token}` : "";
  url.search = `${container === undefined ? "" : "restype=container&"}comp=list&maxresults=1`;
  const shown = `GET ${url.host}${url.pathname}`;
  const headers = { ...usualHeaders(url), Accept: "application/xml", "x-ms-version": VERSION };
  const authorized =
    access.by === "key"
      ? await signed(url, headers, { accountName: String(target.account), accountKey: access.key })
      : access.by === "application"
        ? { ...headers, Authorization: `Bearer ${data.access_token}`, "x-ms-date": new Date().toUTCString() }
        : headers;
  return {
    ...placeOf(url),
    method: "GET",
    path: `${url.pathname}${url.search}${signature}`,
    headers: authorized,
    shown,
  };
}

/** Signs by Azure's own library, which sends nothing here. Loaded when it is needed. */
async function signed(
  url: URL,
  headers: Record<string, string>,
  { accountName, accountKey }: { accountName: string; accountKey: string },
): Promise<Record<string, string>> {
  const [{ storageSharedKeyCredentialPolicy }, { createHttpHeaders, createPipelineRequest }] = await Promise.all([
    import("@azure/storage-common"),
    import("@azure/core-rest-pipeline"),
  ]);
  const key = Buffer.from(accountKey, "base64");
  const request = createPipelineRequest({ url: url.href, method: "GET", headers: createHttpHeaders(headers) });
  const policy = storageSharedKeyCredentialPolicy({ accountName, accountKey: key });
  await policy.sendRequest(request, async (sent) => ({ request: sent, status: 0, headers: createHttpHeaders() }));
  return request.headers.toJSON({ preserveCase: true });
}
