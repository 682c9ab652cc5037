import { z } from "zod";
import {
  type CreateDocumentOptions,
  createDocument,
  type oas31,
  type ZodOpenApiOperationObject,
  type ZodOpenApiResponseObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { type RequestHeader, type ResponseHeader, requestHeaders, responseHeaders } from "@/lib/api/wire/headers";
import type { AnswerShape, Operation, RequestBody, Resource } from "@/lib/api/wire/operation";
import type { RefusalCode } from "@/lib/platform/refusal";
import type { DocumentedDialect } from "./dialect";

/** An OpenAPI 3.1 document of a dialect, from the operations that its routes are declared by. */
export function documentOf(dialect: DocumentedDialect, version: string): oas31.OpenAPIObject {
  const { title, description, servers, security: securitySchemes } = dialect;
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const resource of dialect.resources) {
    const operations = Object.entries(resource.operations).map(([method, operation]) => [
      method.toLowerCase(),
      operationOf(dialect, resource, method, operation),
    ]);
    paths[dialect.prefix + resource.pattern] = Object.fromEntries(operations);
  }
  const license = { name: "Apache-2.0", identifier: "Apache-2.0" };
  return createDocument(
    {
      openapi: "3.1.0",
      info: { title, version, description, license },
      servers,
      paths,
      components: { securitySchemes },
    },
    { override: plainer },
  );
}

/** Formats say what their patterns would; and what an answer may gain is not shut out. */
const plainer: CreateDocumentOptions["override"] = ({ jsonSchema, zodSchema, io }) => {
  // The library leaves out examples of what is read into another form; ours are of what is sent.
  const examples = z.globalRegistry.get(zodSchema)?.examples;
  if (io === "input" && Array.isArray(examples)) jsonSchema.examples ??= examples;
  if (jsonSchema.format === "uuid" || jsonSchema.format === "date-time") delete jsonSchema.pattern;
  if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
};

function operationOf(
  dialect: DocumentedDialect,
  resource: Resource,
  method: string,
  operation: Operation,
): ZodOpenApiOperationObject {
  const { pattern, open } = resource;
  const { id, tag, summary, description, permission, query, body } = operation;
  const names = [
    ...(operation.headers ?? []),
    ...(hasValidator(method, operation) ? (["If-None-Match"] as const) : []),
  ];
  const parameters = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [
    name,
    dialect.parameters[name] ?? z.string(),
  ]);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    ...(permission && { "x-permission": [permission].flat() }),
    security: open ? [] : dialect.alternatives,
    requestParams: {
      ...(parameters.length > 0 && { path: z.object(Object.fromEntries(parameters)) }),
      ...(query && { query }),
      ...(names.length > 0 && { header: z.object(pick(namedParameters, names)) }),
    },
    ...(body && { requestBody: requestBodyOf(body) }),
    responses: responsesOf(dialect, resource, method, operation),
  };
}

const hasValidator = (method: string, { answers }: Operation) =>
  method === "GET" && (answers[200]?.headers?.includes("ETag") ?? false);

const requestBodyOf = ({ schema, others, optional }: RequestBody) => ({
  required: !optional,
  content: Object.fromEntries(
    Object.entries({ "application/json": schema, ...others }).map(([type, of]) => [type, { schema: of }]),
  ),
});

function responsesOf(
  dialect: DocumentedDialect,
  resource: Resource,
  method: string,
  operation: Operation,
): ZodOpenApiResponsesObject {
  const answers = Object.entries(operation.answers).map(([status, shape]) => [status, answerOf(dialect, shape)]);
  const known = hasValidator(method, operation)
    ? { 304: { description: "It is the one that If-None-Match names.", headers: headersOf(dialect, ["ETag"]) } }
    : {};
  const refused = [...refusalsOf(dialect, resource, operation)].map(([status, codes]) => [
    status,
    refusalOf(dialect, status, codes),
  ]);
  return withBoth({ ...known, ...Object.fromEntries(answers) }, Object.fromEntries(refused));
}

/** One status may be an answer of the operation and a refusal of the door, each in a form of its own. */
function withBoth(
  answers: Record<string, ZodOpenApiResponseObject>,
  refused: Record<string, ZodOpenApiResponseObject>,
): ZodOpenApiResponsesObject {
  const both = Object.entries(answers).map(([status, answer]) => {
    const refusal = refused[status];
    const content = { ...refusal?.content, ...answer.content };
    return [status, refusal ? { ...answer, ...(Object.keys(content).length > 0 && { content }) } : answer];
  });
  return { ...refused, ...Object.fromEntries(both) };
}

/** One of a kind in a document, which names it once. */
const refusals = new WeakMap<DocumentedDialect, Map<string, ZodOpenApiResponseObject>>();

function refusalOf(dialect: DocumentedDialect, status: number, codes: Code[]): ZodOpenApiResponseObject {
  const all = refusals.get(dialect) ?? new Map<string, ZodOpenApiResponseObject>();
  refusals.set(dialect, all);
  const id = `${status}_${codes.join("_or_")}`;
  const later = codes.some((code) => LATER.has(code));
  const made = all.get(id) ?? {
    id,
    description: codes.map((code) => REASONS[code]).join(" "),
    headers: headersOf(dialect, later ? ["Retry-After"] : []),
    content: { "application/json": { schema: dialect.errorOf(status) } },
  };
  all.set(id, made);
  return made;
}

function answerOf(dialect: DocumentedDialect, { description, body, mediaType, headers }: AnswerShape) {
  const content = body
    ? { "application/json": { schema: body } }
    : mediaType && { [mediaType]: { schema: mediaType === "application/json" ? z.unknown() : z.string() } };
  return { description, headers: headersOf(dialect, headers ?? []), ...(content && { content }) };
}

const headersOf = (dialect: DocumentedDialect, names: readonly ResponseHeader[]) =>
  z.object(pick(namedHeaders, [...dialect.headers, ...names]));

/** Named once in each document. */
const namedParameters = named(requestHeaders, (id) => ({ param: { id } }));
const namedHeaders = named(responseHeaders, (id) => ({ header: { id } }));

function named<Name extends string>(all: Record<Name, z.ZodType>, as: (id: string) => object): Record<Name, z.ZodType> {
  const entries = Object.entries<z.ZodType>(all).map(([name, schema]) => [
    name,
    schema.meta({ ...schema.meta(), ...as(name) }),
  ]);
  return Object.fromEntries(entries) as Record<Name, z.ZodType>;
}

const pick = <Name extends RequestHeader | ResponseHeader>(all: Record<Name, z.ZodType>, names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, all[name]]));

/** The codes that an operation may be refused with, by the status that the dialect has for them. */
function refusalsOf(
  dialect: DocumentedDialect,
  { open, pattern }: Resource,
  operation: Operation,
): Map<number, Code[]> {
  const headers = operation.headers ?? [];
  const codes: Code[] = [
    "invalid",
    ...(open ? [] : (["unauthenticated", "forbidden", "too_many_requests"] as const)),
    ...(pattern.includes("{") ? (["not_found"] as const) : []),
    ...(operation.body ? (["malformed", "too_large", "unsupported_media_type"] as const) : []),
    ...(headers.includes("If-Match") ? (["version_mismatch"] as const) : []),
    ...(headers.includes("Idempotency-Key") ? (["conflict", "idempotency_mismatch"] as const) : []),
    ...(operation.refusals ?? []),
    "unavailable",
    "failed",
  ];
  const byStatus = new Map<number, Code[]>();
  for (const code of new Set(codes)) {
    const status = code === "failed" ? 500 : dialect.statusOf(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

type Code = RefusalCode | "failed";

/** Of these some say when to come again. */
const LATER = new Set<Code>(["too_many_requests", "unavailable", "conflict"]);

const REASONS: Record<Code, string> = {
  unauthenticated: "Nobody is known by what was sent.",
  forbidden: "The caller is known, and may not do this.",
  not_found: "It is not there, or another organisation's: nobody can tell them apart.",
  malformed: "The body has the wrong form.",
  invalid: "A value is not acceptable.",
  conflict: "It does not fit with what is stored, or the same request is under way.",
  over_limit: "There are as many as there may be.",
  version_mismatch: "It is no longer the version that If-Match names.",
  version_required: "The organisation asks for a test before each save.",
  too_many_requests: "Too many requests.",
  too_large: "The body is too large.",
  unsupported_media_type: "The body is of another type.",
  method_not_allowed: "The method is not allowed here.",
  not_implemented: "This is not done here.",
  idempotency_mismatch: "The Idempotency-Key was used with another body.",
  reauthorization_required: "Somebody must sign in at the provider again.",
  damaged: "What is stored does not open any more: send it anew, or delete it.",
  external_failure: "The system outside failed.",
  unavailable: "It cannot be done at the moment.",
  failed: "It failed on our side; the request id tells your operator more.",
};
