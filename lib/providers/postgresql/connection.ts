import "server-only";
import { isCertificateBundle } from "../certificate";
import { defineConnection } from "../define-connection";
import { StepError } from "../test-run";
import { passwordRotation } from "./change-password";
import { CONNECT_DENIED } from "./refusal-messages";
import { openSession } from "./session";
import { type Target, targetOf } from "./target";

export const connection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],

  async test(data, testRun, network) {
    if (data.connection_string !== undefined) {
      testRun.fieldInForm = (field) => (field === "ssl_ca" ? field : "connection_string");
    }
    const target = await testRun.step("values", () => readTarget(targetOf(data)));
    const { client, denied, problemOf, close } = await openSession(testRun, target, network);
    try {
      await testRun.step("permission", async (notes) => {
        if (denied) throw new StepError(CONNECT_DENIED);
        try {
          await client.query("SELECT 1");
        } catch (error) {
          throw new StepError(problemOf(error));
        }
        notes.detail = "SELECT 1";
      });
      // A goodbye, so that the server's log does not complain; nobody waits for the answer.
      client.end().catch(() => undefined);
    } finally {
      close();
    }
  },

  rotation: passwordRotation,

  checkDeep: (data) =>
    typeof data.ssl_ca !== "string" || isCertificateBundle(data.ssl_ca)
      ? []
      : [{ path: ["ssl_ca"], message: "Is damaged: it cannot be read as a certificate", code: "value_error" }],
});

function readTarget(target: Target): Target {
  if (target.ca === undefined || isCertificateBundle(target.ca)) return target;
  throw new StepError({
    code: "certificate_authority_unreadable",
    meaning: "The certificate authority cannot be read as a certificate.",
    advice: "Paste it whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.",
    field: "ssl_ca",
    outcome: "failed",
  });
}
