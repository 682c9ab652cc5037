import "server-only";
import type { ParsedKey } from "ssh2";
import type { CredentialData } from "../define";
import { defineConnection, type Network } from "../define-connection";
import { reach } from "../reach";
import { StepFailure, type Trail } from "../trail";
import { openPrivateKey } from "./open-key";
import { probeFolder } from "./probe";
import { type SignIn, SshSession } from "./session";

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
    await session.during(probeFolder(sftp, String(data.test_path ?? "/"), notes));
  });
}

type Proof = { password: string } | { key: ParsedKey };

function proofOf(data: CredentialData): Proof {
  if (data.private_key === undefined) return { password: String(data.password) };
  const opened = openPrivateKey(String(data.private_key), passphraseOf(data));
  if (opened.ok) return { key: opened.key };
  throw new StepFailure({
    code: opened.code,
    meaning: `${opened.field === "passphrase" ? "The passphrase" : "The private key"}: ${opened.problem}.`,
    advice: "Correct it and test again.",
    field: opened.field,
    outcome: "failed",
  });
}

const passphraseOf = (data: CredentialData) => (typeof data.passphrase === "string" ? data.passphrase : undefined);

const signIn = (data: CredentialData, proof: Proof, network: Network): SignIn => ({
  username: String(data.username),
  with: proof,
  ...(typeof data.host_key === "string" ? { pin: data.host_key } : {}),
  legacyAlgorithms: network.sshLegacyAlgorithms,
});
