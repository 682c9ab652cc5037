import { superai } from "@/lib/http/superai";
import { anonKey, signInForAccessToken } from "@/lib/people";
import { accessToken, passwordGrant, requirePasswordGrant } from "@/lib/wire/superai/access-token";
import { passwordToken } from "@/lib/wire/superai/operations/sign-in";

/** Address and password for an access token. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.open(passwordToken, {
  POST: async ({ query, headers, json, address, requestId }) => {
    // Where it is switched off nobody learns more than that.
    anonKey();
    requirePasswordGrant(query);
    const proof = passwordGrant(await json());
    const made = await signInForAccessToken({ ...proof, address, requestId }, headers.get("apikey"));
    return { status: 200, body: accessToken(made) };
  },
});
