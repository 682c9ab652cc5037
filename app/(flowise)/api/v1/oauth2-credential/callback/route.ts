import { randomBytes } from "node:crypto";
import { finishAuthorization } from "@/lib/credentials";
import { flowise } from "@/lib/http/flowise";
import { browserKeyOf, flowiseSession } from "@/lib/http/flowise-session";
import { openerOrigins } from "@/lib/http/public-address";
import { noHead } from "@/lib/http/route";
import { callback } from "@/lib/wire/flowise/operations/session";
import { page, told, toldWithoutState } from "@/lib/wire/flowise/popup";
import { callbackAddress } from "../callback-address";

/** Where a provider sends the browser back to. It trusts the state alone, in the browser that it was given to. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open(callback, {
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
