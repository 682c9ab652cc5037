import { Ajv2020, type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { documentNames, openApiDocument } from "@/lib/api/openapi/index";
import { RouteTable } from "@/lib/api/server/route-table";

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  method: string;
  path: string;
  sentBody?: string | undefined;
  sentType?: string | undefined;
  status: number;
  headers: Headers;
  text: string;
}

// biome-ignore lint/suspicious/noExplicitAny: the nodes of a document of any shape
type Node = any;

/** Headers of HTTP and of browsers' rules, which the documents leave to their own standards. */
const GENERAL =
  /^(connection|content-(length|type|encoding)|date|keep-alive|transfer-encoding|vary|cache-control|x-content-type-options|referrer-policy|access-control-.*|allow)$/;

/**
 * Holds traffic against the documents as they are served, with a validator that knows nothing of the product: the status and each
 * header must be described, bodies must fit, and a body that was accepted must be one that the document allows.
 * @returns what does not fit, in words; empty where all does, and for addresses that no document has
 */
export function undescribed(exchange: Exchange): string[] {
  const found = operationAt(exchange);
  if (!found || isOfTheGateway(exchange)) return [];
  const { operation, at } = found;
  const response = resolved(at, operation.responses[exchange.status]);
  if (!response) return [`status ${exchange.status} is not described`];
  const named = new Set(Object.keys(response.headers ?? {}).map((name) => name.toLowerCase()));
  const strange = [...exchange.headers.keys()].filter((name) => !named.has(name) && !GENERAL.test(name));
  return [
    ...strange.map((name) => `header ${name} is not described for ${exchange.status}`),
    ...bodyProblems(at, exchange, response),
    ...sentProblems(at, exchange, operation),
  ];
}

/** An address that no door is asked about is refused before one is found, in one form for all: told in the documents' introduction. */
const isOfTheGateway = ({ status, text }: Exchange): boolean =>
  status === 400 && /"message":"(Malformed path|A parameter of the address cannot be stored)"/.test(text);

interface At {
  name: (typeof documentNames)[number];
  document: Node;
}

const documents: At[] = documentNames.map((name) => ({ name, document: JSON.parse(openApiDocument(name).text) }));
const table = new RouteTable<{ at: At; item: Node }>();
for (const at of documents) {
  for (const [path, item] of Object.entries<Node>(at.document.paths)) {
    table.add(`${path.slice(1).replace(/\{(\w+)\}/g, "[$1]")}/route.ts`, { at, item });
  }
}

function operationAt({ method, path, status }: Exchange): { operation: Node; at: At } | undefined {
  const found = table.match(path);
  const name = method === "HEAD" ? "get" : method.toLowerCase();
  // A method that is not spoken at an address is refused in one way, told once for the whole document; one that comes with a body
  // that is none may be refused for that.
  const isRefused = (status === 405 && method === "HEAD") || (status >= 400 && !found?.value.item[name]);
  if (!found || method === "OPTIONS" || isRefused) return undefined;
  return { operation: found.value.item[name] ?? { responses: {} }, at: found.value.at };
}

function resolved({ document }: At, node: Node): Node {
  const pointer: string | undefined = node?.$ref;
  if (pointer === undefined) return node;
  return pointer
    .slice(2)
    .split("/")
    .reduce((inside: Node, part) => inside[part.replaceAll("~1", "/").replaceAll("~0", "~")], document);
}

function bodyProblems(at: At, { method, headers, text }: Exchange, response: Node): string[] {
  const type = mediaTypeIn(headers.get("content-type"));
  const content = response.content?.[type];
  if (method === "HEAD" || text === "") return [];
  if (!content) return [`a body of type ${type} is not described`];
  return type === "application/json" ? problemsOf(at, content.schema, JSON.parse(text)) : [];
}

/** A body that was taken must be one that is described. */
function sentProblems(at: At, { status, sentBody, sentType }: Exchange, operation: Node): string[] {
  if (status >= 300 || !sentBody || !operation.requestBody) return [];
  const type = mediaTypeIn(sentType ?? null);
  const content = operation.requestBody.content[type];
  if (!content) return [`a request of type ${type} was taken and is not described`];
  const body = type.includes("json") ? jsonIn(sentBody) : undefined;
  return body === undefined ? [] : problemsOf(at, content.schema, body).map((one) => `request: ${one}`);
}

/** Undefined for what is none: a route that can do without a body does not look at it. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const mediaTypeIn = (header: string | null) => (header ?? "").split(";")[0]?.trim() ?? "";

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
for (const { name, document } of documents) ajv.addSchema({ $id: name, components: document.components });
const validators = new Map<string, ValidateFunction>();

function problemsOf({ name }: At, schema: Node, value: unknown): string[] {
  const text = JSON.stringify(schema).replaceAll('"#/components/', `"${name}#/components/`);
  const validate = validators.get(text) ?? ajv.compile(JSON.parse(text));
  validators.set(text, validate);
  return validate(value) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath || "/"} ${one.message}`);
}
