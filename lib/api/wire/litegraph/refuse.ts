import type { FieldProblem, Refusal, RefusalCode } from "@/lib/platform/refusal";
import type { ErrorBody, errorNames } from "./schemas/error";

/** LiteGraph's error names with the status and the words that go with each. */
const kinds = {
  AuthenticationFailed: [401, "The request does not prove who sends it."],
  AuthorizationFailed: [401, "The sender is known, and may not do this."],
  Inactive: [401, "The credential, the user or the tenant is switched off."],
  BadRequest: [400, "The request cannot be understood: check its address, headers and body."],
  NotFound: [404, "There is nothing of this kind here."],
  Conflict: [409, "The request does not fit with what is stored."],
  TooLarge: [413, "The request is larger than may be sent."],
  InternalError: [500, "The request failed on the server's side."],
  Unavailable: [503, "This cannot be answered at the moment. Try again in a little while."],
} as const satisfies Record<(typeof errorNames)[number], readonly [number, string]>;

/** Every refusal in LiteGraph's words. The map is total: a new code does not compile until it has an answer here. */
const wire = {
  unauthenticated: ["AuthenticationFailed"],
  forbidden: ["AuthorizationFailed"],
  not_found: ["NotFound"],
  malformed: ["BadRequest"],
  invalid: ["BadRequest"],
  conflict: ["Conflict"],
  over_limit: ["Conflict"],
  version_mismatch: ["Conflict"],
  version_required: ["Conflict"],
  // Clients know no name for these; the status tells proxies and people.
  too_many_requests: ["BadRequest", 429],
  unavailable: ["InternalError", 503],
  not_implemented: ["InternalError", 501],
  too_large: ["TooLarge"],
  unsupported_media_type: ["BadRequest"],
  method_not_allowed: ["BadRequest"],
  idempotency_mismatch: ["Conflict"],
  reauthorization_required: ["Conflict"],
  damaged: ["Conflict"],
  external_failure: ["InternalError"],
} as const satisfies Record<RefusalCode, readonly [keyof typeof kinds, number?]>;

export function statusOf(code: RefusalCode): number {
  const [kind, status]: readonly [keyof typeof kinds, number?] = wire[code];
  return status ?? kinds[kind][0];
}

/** @param laterRelease whether the caller's release knows the name that 8.1 and later have for a 503 */
export function refuse(refusal: Refusal, laterRelease: boolean): { status: number; body: unknown } {
  if (refusal.code === "unavailable" && laterRelease) return answer("Unavailable", undefined, describe(refusal));
  const inactive = refusal.code === "unauthenticated" && refusal.details?.inactive === true;
  const [kind, status]: readonly [keyof typeof kinds, number?] = inactive ? ["Inactive"] : wire[refusal.code];
  return answer(kind, status, describe(refusal));
}

export const failed = () => answer("InternalError", undefined, undefined);

function answer(kind: keyof typeof kinds, status: number | undefined, description: string | undefined) {
  const [usual, message] = kinds[kind];
  const code = status ?? usual;
  // No Context: its object form breaks LiteGraph's own Python client.
  const body: ErrorBody = {
    Error: kind,
    Message: message,
    StatusCode: code,
    ...(description && { Description: description }),
  };
  return { status: code, body };
}

function describe({ message, fields, details }: Refusal): string {
  const told = fields.map(problem).join("; ");
  if (told) return told;
  const left = Object.entries(details ?? {}).flatMap(([name, value]) =>
    typeof value === "number" ? [`${value} ${name.replaceAll("_", " ")}`] : [],
  );
  return left.length > 0 ? `${message}: ${left.join(", ")} left` : message;
}

const problem = ({ path, message }: FieldProblem) => {
  const name = path.map((part) => names[part] ?? part).join(".");
  return name === "" ? message : `${name}: ${message}`;
};

/** What the core calls a field, in this dialect. */
const names: Record<string, string> = {
  name: "Name",
  token: "BearerToken",
  email: "Email",
  password: "Password",
  first_name: "FirstName",
  last_name: "LastName",
  owner: "UserGUID",
  organization: "Tenant",
  people: "Users",
  tokens: "Credentials",
};
