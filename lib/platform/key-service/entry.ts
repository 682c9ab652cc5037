import "server-only";
import { KeyServiceFailure } from "./failure";
import type { Errand, KeyServiceName, Return } from "./protocol";
import type { KeyService } from "./service";

/** The process that asks a key service: one errand, and it ends. Only the client that is needed is loaded. */
const services: Record<KeyServiceName, () => Promise<KeyService>> = {
  "aws-kms": async () => (await import("./services/amazon")).amazon,
  "google-kms": async () => (await import("./services/google")).google,
  "azure-key-vault": async () => (await import("./services/azure")).azure,
  "vault-transit": async () => (await import("./services/transit")).transit,
  pkcs11: async () => (await import("./services/pkcs11")).pkcs11,
};

async function run({ act, by, key, bytes }: Errand): Promise<Return> {
  try {
    const service = await services[by]();
    const done = await service[act](key, Buffer.from(bytes, "base64"));
    return { kind: "done", bytes: Buffer.from(done).toString("base64") };
  } catch (error) {
    if (error instanceof KeyServiceFailure) return { kind: error.kind, code: error.code };
    return { kind: "unreachable", code: String((error as { code?: unknown }).code ?? "unknown") };
  }
}

process.once("message", (errand: Errand) => {
  void run(errand).then((answer) => process.send?.(answer, undefined, undefined, () => process.exit(0)));
});
// The process that asked is gone, so nobody waits for the answer.
process.once("disconnect", () => process.exit(0));
// What a client throws past its own error handling must not leave a trace on a terminal: it may hold secrets.
process.on("uncaughtException", () => process.exit(1));
