import type { CredentialType } from "@/lib/providers/define";
import type { Network } from "@/lib/providers/define-connection";

/**
 * The words a source of credentials is written in: a folder with a `definition.ts`, which pages and the command line
 * are made from, and a `source.ts`, which reads what that system exports. A new source is a new folder and nothing else.
 */
export interface SourceDefinition {
  /** What the command line calls it. */
  id: string;
  label: string;
  description: string;
  /** How somebody gets hold of what is read here, step by step. */
  steps: string[];
  file: {
    /** The option of the command line. */
    option: string;
    label: string;
    help: string;
    /** For the browser's file dialog. */
    accept: string;
  };
  /** The source may be a database that is read over the network instead of a file. */
  address?: { label: string; help: string; placeholder: string };
  /** The secret that opens what is stored there; optional where not all of it is closed. */
  key?: { label: string; help: string; optional?: true };
  /** One source may hold several parts that are kept apart there. */
  part?: { option: string; label: string; help: string };
}

export const defineSource = (definition: SourceDefinition): SourceDefinition => definition;

/** What a source is read from. */
export interface SourceInput {
  /** The file's bytes, or the address of a database. */
  content: { bytes: Uint8Array } | { address: string };
  key?: string | undefined;
  part?: string | undefined;
  network: Network;
}

/**
 * Reads a source into rows. A bad row is a row with a problem and never an error: one damaged credential must not keep
 * the others from moving.
 * @throws Refusal when the source as a whole cannot be read, or its key opens nothing
 */
export type ReadSource = (input: SourceInput) => Promise<SourceRow[]>;

export type SourceRow = SourceFacts & ({ found: FoundCredential } | { problem: SourceProblem });

export interface SourceFacts {
  /** What the credential is called by there. A UUID becomes the credential's id, anything else its external id. */
  id: string;
  /** As people there see the id, where it differs. */
  shownId?: string;
  name: string;
  /** The source's own word for the type. */
  kind: string;
  createdAt?: Date | undefined;
  updatedAt?: Date | undefined;
  /** What somebody should know of this row, in fixed words that name fields and hold no value. */
  notes: string[];
  /** Something of it is no value here, and must be entered before it is of use. */
  toEnter?: boolean;
}

export interface FoundCredential {
  provider: string;
  type: CredentialType;
  data: Record<string, unknown>;
}

export interface SourceProblem {
  outcome: "undecryptable" | "unacceptable";
  message: string;
}

/** More than this is no list of credentials. */
export const ROWS_MAX = 10_000;
/** Largest file, in bytes. */
export const FILE_MAX_BYTES = 64 * 1024 * 1024;
