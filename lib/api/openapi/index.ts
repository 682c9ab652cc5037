import { digestOf } from "@/lib/platform/expected-version";
import { documentOf } from "./document";
import { flowise } from "./flowise";
import { litegraph } from "./litegraph";
import { superai } from "./superai";

/**
 * The contract of each door as a document, made once in a process from the operations that its routes are declared by. It holds
 * no secret and is the same for everybody.
 */
const dialects = { superai, flowise, litegraph };
export type DocumentName = keyof typeof dialects;
export const documentNames = ["superai", "flowise", "litegraph"] as const satisfies readonly DocumentName[];

export interface Document {
  text: string;
  /** Weak: it may be sent compressed. */
  entityTag: string;
}

const made = new Map<DocumentName, Document>();

/** The document of a door. */
export function openApiDocument(name: DocumentName): Document {
  const document = made.get(name) ?? make(name);
  made.set(name, document);
  return document;
}

function make(name: DocumentName): Document {
  const document = documentOf(dialects[name], VERSION);
  return { text: JSON.stringify(document), entityTag: `W/"${digestOf(document)}"` };
}

/** Of the contract, not of the product: the first number goes up with what breaks clients. */
const VERSION = "1.0.0";
