import "server-only";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { Actor } from "@/lib/authorization/actor";
import { clock } from "@/lib/platform/clock";
import { hmac, keyFor } from "@/lib/platform/keys";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialData, CredentialType } from "@/lib/providers/define";
import { outcomes, type TestReport, type TestStep } from "@/lib/providers/report";
import { canonical } from "./sealed-data";

/**
 * Proof that exactly these values were tested with this outcome: a signed token of ten minutes (RFC 7519, HS256)
 * that holds a keyed fingerprint of the values and the report, never the values. Good for the actor who ran the test.
 */
const LIFETIME = "10m";
const claims = z.object({
  org: z.string(),
  sub: z.string(),
  fingerprint: z.string(),
  outcome: z.enum(outcomes),
  reason: z.string().optional(),
  hostKey: z.string().optional(),
  steps: z.array(z.custom<TestStep>()),
  durationMs: z.number(),
  at: z.iso.datetime(),
});

export interface TestReceipt {
  outcome: TestReport["outcome"];
  reason: string | undefined;
  hostKey: string | undefined;
  steps: TestStep[];
  durationMs: number;
  at: Date;
}

export interface TestedValues {
  provider: string;
  type: CredentialType;
  data: CredentialData;
}

export const issueReceipt = (actor: Actor, values: TestedValues, report: TestReport): Promise<string> =>
  new SignJWT({
    org: actor.orgId,
    fingerprint: fingerprint(actor, values),
    outcome: report.outcome,
    steps: report.steps,
    durationMs: report.durationMs,
    at: clock.now().toISOString(),
    ...(report.reason && { reason: report.reason }),
    ...(report.facts.hostKey && { hostKey: report.facts.hostKey }),
  })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(actor.id)
    .setIssuedAt(clock.now())
    .setExpirationTime(LIFETIME)
    .sign(keyFor("test-receipt"));

/**
 * What the receipt proves of these values.
 * @throws Refusal "invalid" when it is forged, over, somebody else's, or of other values
 */
export async function readReceipt(actor: Actor, values: TestedValues, receipt: string): Promise<TestReceipt> {
  const verified = await jwtVerify(receipt, keyFor("test-receipt"), {
    algorithms: ["HS256"],
    currentDate: clock.now(),
  }).catch(() => undefined);
  const proof = claims.safeParse(verified?.payload);
  if (!proof.success) throw bad("Is not valid or more than ten minutes old: test again");
  const { org, sub, fingerprint: tested, outcome, reason, hostKey, steps, durationMs, at } = proof.data;
  if (org !== actor.orgId || sub !== actor.id || tested !== fingerprint(actor, values)) {
    throw bad("Is for other values: test these before saving");
  }
  return { outcome, reason, hostKey, steps, durationMs, at: new Date(at) };
}

const bad = (message: string) =>
  new Refusal("invalid", "The test receipt cannot be used", {
    fields: [{ path: ["test_receipt"], message, code: "receipt" }],
  });

const fingerprint = (actor: Actor, { provider, type, data }: TestedValues): string =>
  hmac("tested-values", [actor.orgId, provider, type, canonical(data)].join("\n")).toString("base64url");
