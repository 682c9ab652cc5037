import { superai } from "@/lib/api/http/superai";
import { accessToken, passwordGrant, requirePasswordGrant } from "@/lib/api/wire/superai/access-token";
import { passwordToken } from "@/lib/api/wire/superai/operations/sign-in";
import { anonKey, signInForAccessToken } from "@/lib/identity";

/** Address and password for an access token. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.public(passwordToken, {
  POST: async ({ query, headers, json, address, requestId }) => {
    // Where it is switched off nobody learns more than that.
    anonKey();
    requirePasswordGrant(query);
    const proof = passwordGrant(await json());
    const made = await signInForAccessToken({ ...proof, address, requestId }, headers.get("apikey"));
    return { status: 200, body: accessToken(made) };
  },
});
