import type { FinishedAuthorization } from "@/lib/credentials";
import { htmlText } from "@/lib/platform/html-text";
import { type AuthorizationNotice, authorizationMessage } from "@/lib/vocabulary/authorization-outcome";

/** What the page of the callback tells its opener. */
export interface Message {
  type: "OAUTH2_SUCCESS" | "OAUTH2_ERROR";
  success: boolean;
  credentialId?: string;
  message: string;
  error?: string;
}

type Status = 200 | 400 | 403 | 404 | 409 | 502 | 503;
interface Told {
  status: Status;
  message: Message;
}

/** How a sign-in ended, in words and with a status. */
export function told(ended: FinishedAuthorization): Told {
  if (ended.ending === "connected") {
    const credentialId = ended.credential.externalId ?? ended.credential.id;
    const message = wordsOf({ ending: "connected", missing: ended.missing, endsAt: ended.endsAt ?? undefined });
    return { status: 200, message: { type: "OAUTH2_SUCCESS", success: true, credentialId, message } };
  }
  if (ended.ending === "expired") return failure(404, "Credential not found", wordsOf({ ending: "expired" }));
  return failure(STATUS[ended.ending] ?? 400, ended.ending, wordsOf({ ending: ended.ending }));
}

/**
 * A way back that names no sign-in of ours, told in this dialect's words; undefined for one that may. What was sent is not
 * repeated, but for the codes that the protocol has.
 */
export function toldWithoutState(query: URLSearchParams): Told | undefined {
  const [state, code, error] = ["state", "code", "error"].map((name) => query.get(name));
  if (!state && error) return failure(400, CODES.has(error) ? error : "server_error", wordsOf({ ending: "denied" }));
  if (!state || !(code || error)) return failure(400, "Missing required parameters", "Missing code or state");
  return undefined;
}

const failure = (status: Status, error: string, message: string): Told => ({
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

/** Those that are not the caller's to mend. */
const STATUS: Partial<Record<AuthorizationNotice["ending"], Status>> = {
  wrong_browser: 403,
  wrong_account: 409,
  interaction_required: 403,
  consent_required: 403,
  policy_refused: 403,
  account_unavailable: 403,
  unreachable: 502,
  in_trouble: 502,
  unreadable: 502,
  unusable: 502,
  unstored: 503,
};

const PROVIDER = "the provider";

/** The same words as everywhere, without names of accounts: this page's opener may be another site. */
function wordsOf(notice: Pick<AuthorizationNotice, "ending" | "missing" | "endsAt">): string {
  const { title, text } = authorizationMessage(notice, PROVIDER);
  return `${title}. ${text}`;
}

/**
 * A page that hands the message to the window that opened it and closes. `origins` are the only ones that may read it;
 * `nonce` lets this one script run.
 */
export function page(message: Message, origins: string[], nonce: string): string {
  const data = JSON.stringify({ message, origins }).replaceAll("<", "\\u003c");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Latchkey</title><p>${htmlText(message.message)}</p>
<script type="application/json" id="data">${data}</script>
<script nonce="${nonce}">const { message, origins } = JSON.parse(document.getElementById("data").textContent);
if (window.opener) { for (const origin of origins) window.opener.postMessage(message, origin); window.close(); }</script></html>`;
}
