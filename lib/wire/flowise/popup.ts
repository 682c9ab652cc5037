import type { FinishedAuthorization } from "@/lib/credentials";

/** What the page of the callback tells its opener. */
export interface Message {
  type: "OAUTH2_SUCCESS" | "OAUTH2_ERROR";
  success: boolean;
  credentialId?: string;
  message: string;
  error?: string;
}

/** How a sign-in ended, in words and with a status. */
export function told(ended: FinishedAuthorization): { status: number; message: Message } {
  if (ended.ending === "connected") {
    const credentialId = ended.credential.externalId ?? ended.credential.id;
    const message = "Signed in. You can close this window.";
    return { status: 200, message: { type: "OAUTH2_SUCCESS", success: true, credentialId, message } };
  }
  if (ended.ending === "expired") return failure(404, "Credential not found", WORDS.expired[1]);
  const [status, message] = WORDS[ended.ending];
  return { status, message: { type: "OAUTH2_ERROR", success: false, message, error: ended.ending } };
}

/**
 * A way back that names no sign-in of ours, told in this dialect's words; undefined for one that may. What was sent is not
 * repeated, but for the codes that the protocol has.
 */
export function toldWithoutState(query: URLSearchParams): { status: number; message: Message } | undefined {
  const [state, code, error] = ["state", "code", "error"].map((name) => query.get(name));
  if (!state && error) return failure(400, CODES.has(error) ? error : "server_error", WORDS.denied[1]);
  if (!state || !(code || error)) return failure(400, "Missing required parameters", "Missing code or state");
  return undefined;
}

const failure = (status: number, error: string, message: string): { status: number; message: Message } => ({
  status,
  message: { type: "OAUTH2_ERROR", success: false, message, error },
});

/** RFC 6749, section 4.1.2.1. */
const CODES = new Set([
  "invalid_request",
  "unauthorized_client",
  "access_denied",
  "unsupported_response_type",
  "invalid_scope",
  "server_error",
  "temporarily_unavailable",
]);

const WORDS: Record<Exclude<FinishedAuthorization["ending"], "connected">, [number, string]> = {
  denied: [400, "Access was not granted. Nothing was changed."],
  expired: [404, "This sign-in is over or was used already. Start it again."],
  wrong_browser: [403, "This sign-in was started in another browser. Start it again in this one."],
  wrong_account: [409, "Another account than before signed in. Nothing was changed."],
  rejected: [400, "The provider refuses this client. Check client ID, client secret and redirect address."],
  client_secret_expired: [400, "The client secret has expired at the provider. Enter a new one."],
  client_secret_wrong: [400, "The provider does not know this client secret. Enter its value, not its ID."],
  interaction_required: [403, "The provider asks for another step of the person, or a policy there is against it."],
  unreachable: [502, "The provider does not answer. Try again in a moment."],
  unusable: [502, "The provider's answer could not be used. Nothing was changed."],
  refused: [400, "What came back could not be stored. Nothing was changed."],
  unstored: [503, "What came back is not stored yet. Look whether it has come in some minutes, or sign in again."],
};

/**
 * A page that hands the message to the window that opened it and closes. `origins` are the only ones that may read it;
 * `nonce` lets this one script run.
 */
export function page(message: Message, origins: string[], nonce: string): string {
  const data = JSON.stringify({ message, origins }).replaceAll("<", "\\u003c");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Latchkey</title><p>${message.message}</p>
<script type="application/json" id="data">${data}</script>
<script nonce="${nonce}">const { message, origins } = JSON.parse(document.getElementById("data").textContent);
if (window.opener) { for (const origin of origins) window.opener.postMessage(message, origin); window.close(); }</script></html>`;
}
