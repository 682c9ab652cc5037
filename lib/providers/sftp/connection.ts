import "server-only";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { reach } from "../reach";
import type { Trail } from "../trail";
import { keyRotation } from "./edit-keys";
import { openPrivateKey } from "./open-key";
import { probeFolder } from "./probe";
import { SshSession } from "./session";
import { passphraseOf, proofOf, signIn } from "./sign-in";

export const connection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "host_key", "sign_in", "permission"],

  async test(data, trail, network) {
    const proof = await trail.step("values", () => proofOf(data));
    const { stream } = await reach(trail, { host: String(data.host), port: Number(data.port) }, network);
    const session = new SshSession(stream, signIn(data, proof, network));
    try {
      await walk(session, data, trail);
    } finally {
      session.close();
    }
  },

  rotation: keyRotation,

  checkDeep(data) {
    if (typeof data.private_key !== "string") return [];
    const opened = openPrivateKey(data.private_key, passphraseOf(data));
    return opened.ok ? [] : [{ path: [opened.field], message: opened.problem, code: "value_error" }];
  },
});

async function walk(session: SshSession, data: CredentialData, trail: Trail): Promise<void> {
  trail.facts.hostKey = await trail.step("host_key", async (notes) => {
    session.start();
    const seen = await session.hostKey;
    notes.detail = data.host_key === undefined ? `${seen}, seen for the first time` : `${seen}, as remembered`;
    return seen;
  });
  await trail.step("sign_in", () => session.signedIn);
  await trail.step("permission", async (notes) => {
    const sftp = await session.openSftp();
    await session.during(probeFolder(sftp, String(data.test_path ?? "."), notes));
  });
}
