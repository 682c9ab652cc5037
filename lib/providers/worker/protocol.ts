import type { OutboundPolicy } from "@/lib/platform/net/policy";
import type { FieldProblem } from "@/lib/platform/refusal";
import type { Kind } from "../catalog/schema";
import type { CredentialData } from "../define";
import type { TestNetwork } from "../define-connection";
import type { Doubt } from "../doubts";
import type { StepId, TestReport, TestStep } from "../report";

/** What the server process and the worker tell each other. Secrets travel over this channel only, never on a command line. */

export type Job =
  | {
      kind: "test";
      provider: string;
      /** Of a kind that a file describes: the worker knows no catalogue. */
      definition?: Kind | undefined;
      data: CredentialData;
      doubts: Doubt[];
      settings: TestSettings;
    }
  | {
      kind: "act";
      provider: string;
      act: string;
      data: CredentialData;
      extra: Record<string, string>;
      doubts: Doubt[];
      settings: TestSettings;
    }
  | { kind: "check"; provider: string; data: CredentialData };

/** All that the worker knows of this installation; its environment is empty. */
export interface TestSettings {
  policy: OutboundPolicy;
  sshLegacyAlgorithms: boolean;
  apis: TestNetwork["apis"];
  awsEndpoint?: string | undefined;
  totalMs: number;
  connectMs: number;
  maxInboundBytes: number;
}

export type Answer =
  | { kind: "begin"; step: StepId }
  | { kind: "step"; step: TestStep }
  | { kind: "report"; report: TestReport; found?: Record<string, string> }
  | { kind: "problems"; problems: FieldProblem[] };
