import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { assertCan } from "@/lib/authorization/authorize";
import { recordAlone, withAuthorization } from "@/lib/platform/audit";
import { Refusal } from "@/lib/platform/refusal";
import { formOf } from "@/lib/providers/catalog/kind-form";
import { providerOf } from "@/lib/providers/catalog/provider";
import { testConnection } from "@/lib/providers/connections";
import { isTestable, parseData } from "@/lib/providers/define";
import type { TestReport, TestStep } from "@/lib/providers/report";
import { judgedKind } from "./definition";

/** A definition that need not be stored, and values to try it out with, which never are. */
export interface KindTest {
  text: string;
  values: Record<string, unknown>;
}

/**
 * Tries values out as a definition says, as a credential of such a kind would be: in the worker, under the outbound guard. Stores
 * neither.
 * @throws Refusal "invalid" naming line and field of the definition, or the value; "too_many_requests"
 */
export function testKind(
  actor: Actor,
  { text, values }: KindTest,
  options: { onStep?: (step: TestStep) => void; signal?: AbortSignal } = {},
): Promise<TestReport> {
  return withAuthorization(actor, "kind:manage", { action: "credential.tested" }, async () => {
    assertCan(actor, "credential:test");
    const kind = judgedKind(text);
    const [method] = providerOf(formOf(kind)).methods;
    if (!method) throw new Error("a kind without a method");
    const parsed = parseData(method, values);
    if (!parsed.ok) {
      const fields = parsed.problems.map((problem) => ({ ...problem, path: ["values", ...problem.path] }));
      throw new Refusal("invalid", "Some values are not acceptable", { fields });
    }
    if (!isTestable(method, parsed.data))
      throw new Refusal("invalid", "This kind says no test, or lacks a value that its test needs", {
        fields: [{ path: ["text", 1, "test"], message: "Line 1, test: Is missing", code: "untestable" }],
      });
    const asker = { orgId: actor.orgId, person: actor.id, definition: kind, ...options };
    const report = await testConnection(kind.id, method.type, parsed.data, asker);
    const outcome = report.outcome === "ok" || report.outcome === "degraded" ? "done" : "failed";
    await recordAlone(actor, {
      action: "credential.tested",
      outcome,
      ...(report.reason && { reason: report.reason }),
    });
    return report;
  });
}
