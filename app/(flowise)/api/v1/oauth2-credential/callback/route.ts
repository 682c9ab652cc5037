import { randomBytes } from "node:crypto";
import { flowise } from "@/lib/api/http/flowise";
import { browserKeyOf, flowiseSession } from "@/lib/api/http/flowise-session";
import { openerOrigins } from "@/lib/api/http/public-address";
import { noHead } from "@/lib/api/http/route";
import { callback } from "@/lib/api/wire/flowise/operations/session";
import { page, told, toldWithoutState } from "@/lib/api/wire/flowise/popup";
import { finishAuthorization } from "@/lib/credentials";
import { callbackAddress } from "../callback-address";

/** Where a provider sends the browser back to. It trusts the state alone, in the browser that it was given to. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(callback, {
  ...noHead,
  GET: async ({ query, headers, requestId, address }) => {
    const finish = async () => {
      const person = (await flowiseSession(headers))?.actor;
      const asked = { query, redirectUri: callbackAddress(), browserKey: browserKeyOf(headers), person };
      return told(await finishAuthorization({ ...asked, requestId, address }));
    };
    const { status, message } = toldWithoutState(query) ?? (await finish());
    const nonce = randomBytes(18).toString("base64");
    return {
      status,
      text: page(message, openerOrigins(), nonce),
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
      },
    };
  },
});
