import { jsonObject } from "@/lib/platform/json-object";
import type { Reader } from "./read";

/** Google's token endpoints, as key files of any age name them. */
const TOKEN_ADDRESSES = [
  "https://oauth2.googleapis.com/token",
  "https://accounts.google.com/o/oauth2/token",
  "https://www.googleapis.com/oauth2/v3/token",
  "https://www.googleapis.com/oauth2/v4/token",
];

/** Reads the key file of a service account, as the Google Cloud console downloads it. */
export const readGoogleKey: Reader = (text) => {
  const plain = text.trim();
  if (!plain.startsWith("{")) return undefined;
  const file = jsonObject(plain);
  if (file === undefined) return { problem: "Must be the whole key file, from { to }" };
  const { type, client_email, private_key, token_uri, universe_domain } = file;
  if (type !== undefined && type !== "service_account") return { problem: OTHER[String(type)] ?? NO_KEY };
  if (typeof client_email !== "string" || typeof private_key !== "string") return { problem: NO_KEY };
  if (token_uri !== undefined && !TOKEN_ADDRESSES.includes(String(token_uri)))
    return { problem: "Must be a key of Google's own cloud: this file has its tokens issued elsewhere" };
  if (universe_domain !== undefined && universe_domain !== "googleapis.com")
    return { problem: "Must be a key of Google's own cloud: this file is of another one" };
  const words = (name: string) => (typeof file[name] === "string" ? String(file[name]) : undefined);
  return {
    values: {
      ...{ client_email, private_key },
      ...{ private_key_id: words("private_key_id"), project_id: words("project_id") },
    },
  };
};

const NO_KEY = "Must be a service account's key file, with client_email and private_key";
const OTHER: Partial<Record<string, string>> = {
  authorized_user:
    "Must be a service account's key file: this is somebody's own sign-in (gcloud's application default)",
  external_account: "Must be a service account's key file: this one (workload identity federation) holds no key",
};
