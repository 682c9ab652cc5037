import "server-only";
import { GoogleAuth } from "google-auth-library";
import { googleKmsEndpoint } from "@/lib/platform/env";
import { KeyServiceFailure, wordOf } from "../failure";
import type { KeyService } from "../service";
import { post, textOf } from "./post";

/**
 * Google Cloud KMS: the key is its resource name (projects/…/locations/…/keyRings/…/cryptoKeys/…). Who we are, Google's own library
 * finds out (GOOGLE_APPLICATION_CREDENTIALS, workload identity, the machine's account).
 */
export const google: KeyService = {
  wrap: async (key, bytes) => {
    const answer = await ask(key, "encrypt", {
      plaintext: bytes.toString("base64"),
      additionalAuthenticatedData: BOUND,
    });
    return Buffer.from(textOf(answer, "ciphertext"), "base64");
  },
  unwrap: async (key, bytes) => {
    const answer = await ask(key, "decrypt", {
      ciphertext: bytes.toString("base64"),
      additionalAuthenticatedData: BOUND,
    });
    return Buffer.from(textOf(answer, "plaintext"), "base64");
  },
};

const BOUND = Buffer.from("latchkey").toString("base64");
const NAME = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

async function ask(key: string, act: string, body: object): Promise<Record<string, unknown>> {
  if (!NAME.test(key)) throw new KeyServiceFailure("refused", "not_a_key_name");
  const headers = { authorization: `Bearer ${await accessToken()}` };
  return post(`${googleKmsEndpoint()}/v1/${key}:${act}`, headers, body, statusOf);
}

async function accessToken(): Promise<string> {
  const auth = new GoogleAuth({ scopes: ["https://www.googleapis.com/auth/cloudkms"] });
  try {
    const token = await auth.getAccessToken();
    if (token) return token;
  } catch (error) {
    const { code, status } = error as { code?: unknown; status?: unknown };
    if (typeof status === "number" && status >= 400 && status < 500)
      throw new KeyServiceFailure("refused", "not_signed_in");
    throw new KeyServiceFailure("unreachable", wordOf(code));
  }
  throw new KeyServiceFailure("refused", "not_configured");
}

function statusOf({ error }: Record<string, unknown>): unknown {
  return typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
}
