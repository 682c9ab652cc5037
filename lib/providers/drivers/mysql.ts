import "server-only";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { StepError } from "../test-run";
import { type MysqlTarget, mysqlModes, openMysql } from "./mysql-session";

/** Signs in to a MySQL, MariaDB or SingleStore server over a stream that the driver did not open. */
export const mysqlConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    testRun.fieldInForm = (field) => (field === "sslmode" ? "tls" : field);
    const target = await testRun.step("values", () => targetOf(data));
    const { connection, problemOf, close } = await openMysql(testRun, target, network);
    try {
      await testRun.step("permission", async (notes) => {
        try {
          await connection.promise().query("SELECT 1");
        } catch (error) {
          throw new StepError(problemOf(error));
        }
        notes.detail = "SELECT 1";
      });
    } finally {
      close();
    }
  },
});

function targetOf(data: CredentialData): MysqlTarget {
  return {
    host: String(data.host),
    port: Number(data.port ?? 3306),
    user: String(data.user),
    password: String(data.password ?? ""),
    tls: mysqlModes.find((mode) => mode === data.tls),
  };
}
