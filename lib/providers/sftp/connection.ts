import "server-only";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { reach, reachWithin } from "../reach";
import type { TestRun } from "../test-run";
import { keyRotation } from "./edit-keys";
import { openPrivateKey } from "./open-key";
import { PinnedSession } from "./pinned-session";
import { probeFolder } from "./probe";
import { passphraseOf, proofOf, signIn } from "./sign-in";

export const connection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "host_key", "sign_in", "permission"],

  async test(data, testRun, network) {
    const proof = await testRun.step("values", () => proofOf(data));
    const place = { host: String(data.host), port: Number(data.port) };
    const { stream } = await reach(testRun, place, network);
    const pinned = new PinnedSession(stream, signIn(data, proof, network), () =>
      reachWithin(testRun.signal, place, network),
    );
    try {
      await walk(pinned, data, testRun);
    } finally {
      pinned.close();
    }
  },

  rotation: keyRotation,

  checkDeep(data) {
    if (typeof data.private_key !== "string") return [];
    const opened = openPrivateKey(data.private_key, passphraseOf(data));
    return opened.ok ? [] : [{ path: [opened.field], message: opened.problem, code: "value_error" }];
  },
});

async function walk(pinned: PinnedSession, data: CredentialData, testRun: TestRun): Promise<void> {
  const session = await testRun.step("host_key", async (notes) => {
    const session = await pinned.open();
    const seen = await session.hostKey;
    notes.detail = data.host_key === undefined ? `${seen}, seen for the first time` : `${seen}, as remembered`;
    testRun.facts.hostKey = seen;
    return session;
  });
  await testRun.step("sign_in", () => session.signedIn);
  await testRun.step("permission", async (notes) => {
    const sftp = await session.openSftp();
    await session.during(probeFolder(sftp, String(data.test_path ?? "."), notes));
  });
}
