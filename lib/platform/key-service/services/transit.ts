import "server-only";
import { readFile } from "node:fs/promises";
import { transitAccess } from "@/lib/platform/env";
import { KeyServiceFailure } from "../failure";
import type { KeyService } from "../service";
import { post, textOf } from "./post";

/**
 * The transit engine of HashiCorp Vault or OpenBao at VAULT_ADDR: the key is its mount and name (transit/keys/latchkey, or
 * transit/latchkey).
 */
export const transit: KeyService = {
  wrap: async (key, bytes) => {
    const data = await ask(key, "encrypt", { plaintext: bytes.toString("base64") });
    return Buffer.from(textOf(data, "ciphertext"), "utf8");
  },
  unwrap: async (key, bytes) => {
    const data = await ask(key, "decrypt", { ciphertext: bytes.toString("utf8") });
    return Buffer.from(textOf(data, "plaintext"), "base64");
  },
};

async function ask(key: string, act: string, body: object): Promise<Record<string, unknown>> {
  const named = /^(?<mount>[\w-]+(?:\/[\w-]+)*?)\/(?:keys\/)?(?<name>[\w-]+)$/.exec(key)?.groups;
  if (!named) throw new KeyServiceFailure("refused", "not_a_key_name");
  const { address, token, namespace } = await access();
  const headers = {
    "x-vault-token": token,
    "x-vault-request": "true",
    ...(namespace && { "x-vault-namespace": namespace }),
  };
  const { data } = await post(`${address}/v1/${named.mount}/${act}/${named.name}`, headers, body, () => undefined);
  if (typeof data !== "object" || data === null) throw new KeyServiceFailure("unreachable", "unreadable_answer");
  return { ...data };
}

async function access() {
  const { address, token, tokenFile, namespace } = transitAccess();
  const shown = tokenFile ? await tokenIn(tokenFile) : token;
  if (!address || !shown) throw new KeyServiceFailure("refused", "not_configured");
  return { address, token: shown, namespace };
}

/** Written anew by an agent of Vault's whenever the token is. */
async function tokenIn(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch {
    throw new KeyServiceFailure("refused", "no_token_file");
  }
}
