import type { z } from "zod";
import type { RefusalCode } from "@/lib/platform/refusal";
import type { Permission } from "@/lib/vocabulary/permissions";
import type { RequestHeader, ResponseHeader } from "./headers";

/**
 * What a route takes and answers, as data. A route is declared by its resource, so none is served without one; handlers are
 * typed by it, answers are parsed by it outside production, and the OpenAPI documents are made from it.
 */
export const documentedMethods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type DocumentedMethod = (typeof documentedMethods)[number];

/** One answer that is no refusal. Without `body` and `mediaType` it is empty. */
export interface AnswerShape {
  description: string;
  /** What its JSON is. */
  body?: z.ZodType;
  /** The type of a body that is no JSON. */
  mediaType?: string;
  headers?: readonly ResponseHeader[];
}

export interface RequestBody {
  schema: z.ZodType;
  /** JSON unless another is named here; a schema of its own where it differs by type. */
  others?: Record<string, z.ZodType>;
  optional?: true;
}

export interface Operation {
  /** Names it in generated clients: a verb and a noun. */
  id: string;
  summary: string;
  description?: string;
  tag: string;
  /** What the caller's role and token must allow; the core asks for it, this tells of it. */
  permission?: Permission | readonly Permission[];
  query?: z.ZodObject;
  headers?: readonly RequestHeader[];
  body?: RequestBody;
  answers: Record<number, AnswerShape>;
  /** Refusals beside those that every operation of its kind has. */
  refusals?: readonly RefusalCode[];
}

export type Operations = Partial<Record<DocumentedMethod, Operation>>;

/** One route: its pattern below the door's prefix, and what can be done there. */
export interface Resource<O extends Operations = Operations, Open extends boolean = boolean> {
  pattern: string;
  operations: O;
  /** Whether it asks nobody who they are. */
  open: Open;
}

/** Declares a route for callers who are known. */
export const resource = <const O extends Operations>(pattern: string, operations: O): Resource<O, false> => ({
  pattern,
  operations,
  open: false,
});

/** Declares a route that asks nobody who they are. */
export const openResource = <const O extends Operations>(pattern: string, operations: O): Resource<O, true> => ({
  pattern,
  operations,
  open: true,
});

type BodyOf<Shape> = Shape extends { body: infer Body extends z.ZodType } ? z.output<Body> : undefined;

/** The status and body of any of an operation's answers. */
export type AnswerOf<O extends Operation> = {
  [Status in keyof O["answers"] & number]: { status: Status; body?: BodyOf<O["answers"][Status]> };
}[keyof O["answers"] & number];
