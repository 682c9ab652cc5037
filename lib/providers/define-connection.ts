import "server-only";
import type { OutboundPolicy } from "@/lib/platform/net/policy";
import type { Lookup } from "@/lib/platform/net/resolve";
import type { FieldProblem } from "@/lib/platform/refusal";
import type { CredentialData } from "./define";
import type { StepId } from "./report";
import type { TestRun } from "./test-run";

/** How a provider's credentials are tried out. One per provider, in its `connection.ts`; runs only in the worker. */
export interface Connection {
  /** The steps of a test, in their order. */
  plan: readonly StepId[];
  /** Walks the test run. Ends by throwing what a failed step threw. */
  test: (data: CredentialData, testRun: TestRun, network: TestNetwork) => Promise<void>;
  /** How a secret is replaced at the other side, where that can be done. */
  rotation?: RotationDriver;
  /** What else can be changed at the other side, by name. */
  operations?: Record<string, Operation>;
  /** Opens what only heavy or risky work can open (keys, certificates), without touching the network. */
  checkDeep?: (data: CredentialData) => FieldProblem[];
}

/** `extra.data` of all but the first is the new data that `prepare` answered, as JSON. */
export interface RotationDriver {
  /** Makes the new secret, without any network. Answers `data`, and public halves where there are some. */
  prepare: Operation;
  /**
   * Where a password is rotated: signs in with the present one and answers `kept`, how the other side keeps it. Changes
   * nothing. Fails where what `change` does could not be taken back.
   */
  look?: Operation;
  /** Makes the other side take the new secret; signs in with the present one. */
  change: Operation;
  /**
   * Takes that back, to the byte; signs in with the old one, which works. Harmless where nothing was changed. What it could
   * not put back as it was, or not see, is a warning of its "change" step. `extra.kept_before` is what `look` answered.
   */
  undo: Operation;
  /** Makes the other side forget the old secret (`extra.old`), where both work for a while; signs in with the new one. */
  clean?: Operation;
}

export const rotationActs = ["prepare", "look", "change", "undo", "clean"] as const;

/**
 * A change at the other side. Its "change" step begins when the first word that changes anything may be sent, and not
 * before: a test run without it proves that everything is as it was. What it answers travels between processes.
 */
export interface Operation {
  plan: readonly StepId[];
  run: (input: ActInput, testRun: TestRun, network: Network) => Promise<Record<string, string>>;
}

export interface ActInput {
  /** The credential to sign in with. */
  data: CredentialData;
  /** What else the act needs; may be secret. */
  extra: Record<string, string>;
}

export const defineConnection = (connection: Connection): Connection => connection;

/** What a test may use of the network. */
export interface Network {
  policy: OutboundPolicy;
  lookup: Lookup;
  connectTimeoutMs: number;
  maxInboundBytes: number;
  /** Where Amazon's services are asked instead of at Amazon, if the operator says so. */
  awsEndpoint?: string;
  /** Also offer SSH algorithms that are no longer considered safe. */
  sshLegacyAlgorithms: boolean;
}

/** And what it must know to find the interfaces of the big providers: their origins. */
export interface TestNetwork extends Network {
  apis: { google: string; microsoft: string };
}
