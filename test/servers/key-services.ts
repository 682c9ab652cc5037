import { execFileSync } from "node:child_process";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEYS, wrongSignature } from "./amazon-signature";
import { makeAuthority } from "./certificates";
import { type Received, startStandin } from "./https";

/** How a key service is just now: it works, says no, is overloaded, gives another key, or gives no answer at all. */
export type Mood = "works" | "refuses" | "overloaded" | "another" | "silent";

/**
 * Stand-ins for the key services of Amazon, Google, Microsoft and HashiCorp, which nobody can run here: one HTTPS server that speaks
 * their interfaces as their clients use them, and keeps one key for all of them. What is asked without the right sign-in is refused.
 */
export interface KeyServices {
  mood: Mood;
  requests: Received[];
  /** The environment that leads their clients here. */
  environment: Record<string, string>;
  /** The name of a key at each. */
  keys: { "aws-kms": string; "google-kms": string; "azure-key-vault": string; "vault-transit": string };
  stop: () => Promise<void>;
}

const TOKEN = "stand-in-access-token";
const REGION = "eu-central-1";

export async function startKeyServices(): Promise<KeyServices> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-key-services-"));
  const authority = makeAuthority(folder);
  const standin = await startStandin(authority.issue("key-services"));
  const here = `https://localhost:${standin.port}`;
  const metadata = await startMetadata();
  const services: KeyServices = {
    mood: "works",
    requests: standin.requests,
    environment: {
      NODE_EXTRA_CA_CERTS: join(folder, "ca.crt"),
      AWS_ENDPOINT_URL_KMS: here,
      AWS_ACCESS_KEY_ID: KEYS.lasting.access_key_id,
      AWS_SECRET_ACCESS_KEY: KEYS.lasting.secret_access_key,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS: here,
      GCE_METADATA_HOST: `127.0.0.1:${metadata.port}`,
      METADATA_SERVER_DETECTION: "assume-present",
      AZURE_AUTHORITY_HOST: here,
      AZURE_TENANT_ID: "11111111-1111-1111-1111-111111111111",
      AZURE_CLIENT_ID: "22222222-2222-2222-2222-222222222222",
      AZURE_CLIENT_SECRET: "stand-in-client-secret",
      VAULT_ADDR: here,
      VAULT_TOKEN: TOKEN,
    },
    keys: {
      "aws-kms": `arn:aws:kms:${REGION}:000000000000:key/33333333-3333-3333-3333-333333333333`,
      "google-kms": "projects/stand-in/locations/europe/keyRings/latchkey/cryptoKeys/vault",
      "azure-key-vault": `${here}/keys/vault/0123456789abcdef0123456789abcdef`,
      "vault-transit": "transit/latchkey",
    },
    async stop() {
      await Promise.all([standin.stop(), metadata.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const key = randomBytes(32);
  standin.answer = (request, response) => {
    const received = standin.requests.at(-1) as Received;
    // What it cannot read, it answers as such.
    answer({ request, received, response, key, services, here }).catch(() => response.writeHead(400).end("{}"));
  };
  return services;
}

/** What a machine of Google's asks for its account's tokens. */
async function startMetadata(): Promise<{ port: number; stop: () => Promise<unknown> }> {
  const token = JSON.stringify({ access_token: TOKEN, expires_in: 3600, token_type: "Bearer" });
  const answers = new Map([
    ["/computeMetadata/v1/instance/service-accounts/default/token", token],
    ["/computeMetadata/v1/project/project-id", "stand-in"],
    ["/computeMetadata/v1/universe/universe-domain", "googleapis.com"],
  ]);
  const server = createServer(({ headers, url = "" }, response) => {
    const answer = headers["metadata-flavor"] === "Google" ? answers.get(url.split("?")[0] ?? "") : undefined;
    const type = answer === token ? "application/json" : "text/plain";
    response.writeHead(answer ? 200 : 404, { "metadata-flavor": "Google", "content-type": type }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, stop: () => new Promise((done) => server.close(done)) };
}

interface Asked {
  request: Parameters<typeof wrongSignature>[0];
  received: Received;
  response: ServerResponse;
  key: Buffer;
  services: KeyServices;
  here: string;
}

async function answer({ request, received, response, key, services, here }: Asked): Promise<void> {
  const { url, headers, body } = received;
  const json = (status: number, value: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  const { mood } = services;
  if (mood === "silent") return;
  const sent = (body.startsWith("{") ? JSON.parse(body) : {}) as Record<string, string>;
  const seal = (text = "", encoding: BufferEncoding = "base64") => boxed(key, Buffer.from(text, encoding));
  const unseal = (bytes: Buffer) => (mood === "another" ? randomBytes(32) : unboxed(key, bytes));

  if (headers["x-amz-target"]) {
    if (mood === "overloaded") return void json(400, { __type: "ThrottlingException" });
    const wrong = await wrongSignature(request, body, "kms", REGION);
    if (wrong || mood === "refuses") return void json(400, { __type: wrong?.[0] ?? "AccessDeniedException" });
    if (headers["x-amz-target"] === "TrentService.Encrypt")
      return void json(200, { CiphertextBlob: seal(sent.Plaintext).toString("base64") });
    return void json(200, { Plaintext: unseal(Buffer.from(sent.CiphertextBlob ?? "", "base64")).toString("base64") });
  }
  if (url.includes("/.well-known/openid-configuration")) {
    const issuer = `${here}/tenant/v2.0`;
    const places = {
      token_endpoint: `${here}/token`,
      authorization_endpoint: `${here}/authorize`,
      jwks_uri: `${here}/keys`,
    };
    return void json(200, { issuer, ...places });
  }
  if (/token$/.test(url.split("?")[0] ?? "")) {
    const isRight = new URLSearchParams(body).get("client_secret") === services.environment.AZURE_CLIENT_SECRET;
    if (!isRight)
      return void json(401, { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret" });
    return void json(200, { token_type: "Bearer", expires_in: 3600, access_token: TOKEN });
  }
  const isSignedIn = headers.authorization === `Bearer ${TOKEN}` || headers["x-vault-token"] === TOKEN;
  if (!isSignedIn || mood === "refuses")
    return void json(403, { error: { code: "Forbidden", status: "PERMISSION_DENIED" }, errors: ["permission denied"] });
  if (mood === "overloaded") return void json(503, { error: {} });
  switch (/(encrypt|decrypt|\/wrapkey|\/unwrapkey)/.exec(url)?.[0]) {
    case "/wrapkey":
      return void json(200, { value: seal(sent.value, "base64url").toString("base64url") });
    case "/unwrapkey":
      return void json(200, { value: unseal(Buffer.from(sent.value ?? "", "base64url")).toString("base64url") });
    case "encrypt":
      if (headers["x-vault-token"])
        return void json(200, { data: { ciphertext: `vault:v1:${seal(sent.plaintext).toString("base64")}` } });
      return void json(200, { ciphertext: seal(sent.plaintext).toString("base64") });
    case "decrypt": {
      const plaintext = unseal(Buffer.from(sent.ciphertext?.replace("vault:v1:", "") ?? "", "base64")).toString(
        "base64",
      );
      return void json(200, headers["x-vault-token"] ? { data: { plaintext } } : { plaintext });
    }
  }
  json(404, {});
}

function boxed(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unboxed(key: Buffer, box: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, box.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(box.subarray(-16));
  return Buffer.concat([decipher.update(box.subarray(12, -16)), decipher.final()]);
}

export const PIN = "482913";

/** A real hardware module's software twin (SoftHSM), with a token and an RSA key pair in it. */
export function makeToken(): { environment: Record<string, string>; key: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-hsm-"));
  mkdirSync(join(folder, "tokens"));
  const conf = join(folder, "softhsm2.conf");
  writeFileSync(
    conf,
    `directories.tokendir = ${join(folder, "tokens")}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  const env = { ...process.env, SOFTHSM2_CONF: conf, PIN };
  const quiet = { env, stdio: "pipe" } as const;
  const pins = ["--pin", PIN, "--so-pin", "739104"];
  execFileSync("softhsm2-util", ["--init-token", "--free", "--label", "latchkey", ...pins], quiet);
  const place = ["--module", MODULE, "--token-label", "latchkey", "--login", "--pin", "env:PIN"];
  execFileSync(
    "pkcs11-tool",
    [...place, "--keypairgen", "--key-type", "rsa:3072", "--label", "vault", "--id", "01"],
    quiet,
  );
  return {
    environment: { SOFTHSM2_CONF: conf, LATCHKEY_PKCS11_PIN: PIN },
    key: `pkcs11:token=latchkey;id=%01?module-path=${MODULE}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const MODULE = "/usr/lib/softhsm/libsofthsm2.so";
