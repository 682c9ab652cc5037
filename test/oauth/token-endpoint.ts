import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A fake token endpoint on a loopback port that rotates refresh tokens: each is good once, and a spent one is answered
 * with invalid_grant. What else it answers, and in which form, is the test's.
 */
export interface TokenEndpoint {
  url: string;
  /** The refresh tokens that it was asked with. */
  asked: string[];
  /** Answers from now on; `fresh` are good tokens, made for this request. */
  answer: (fresh: FreshTokens, response: ServerResponse) => unknown;
  stop: () => Promise<void>;
}

export interface FreshTokens {
  access_token: string;
  refresh_token: string;
}

export const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const spent = new Set<string>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const token = new URLSearchParams(body).get("refresh_token") ?? "";
    endpoint.asked.push(token);
    if (spent.has(token)) return json(response, { error: "invalid_grant" }, 400);
    const number = endpoint.asked.length;
    const fresh = { access_token: `access-${number}`, refresh_token: `refresh-${number}-${crypto.randomUUID()}` };
    spent.add(token);
    return endpoint.answer(fresh, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint: TokenEndpoint = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    asked: [],
    answer: (fresh, response) => json(response, { ...fresh, token_type: "Bearer", expires_in: 3_600 }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return endpoint;
}
