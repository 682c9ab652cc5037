import "server-only";
import { networkInterfaces } from "node:os";
import { type AddressKind, type ClassifiedIp, classifyIp, inRange } from "./ip-address";
import { type AllowRule, bareName, type Endpoint, type OutboundPolicy } from "./policy";

/**
 * Decides which addresses may be dialled. Public unicast only, unless the operator allowed more; and this product's own
 * database and listening addresses never, so that nobody can make the vault talk to itself.
 */
export type Verdict = { allowed: true; dial: Reachable[] } | TargetRefusal;

export interface Reachable {
  address: string;
  /** False for an address that only the operator's rules opened: a network of their own. */
  isPublic: boolean;
}

interface TargetRefusal {
  allowed: false;
  /** Which of the resolved addresses it was. */
  address: string;
  /** "is a private address": completes a sentence that starts with the address. */
  why: string;
  /** The setting that would allow it, where one can. */
  allowLine?: string;
}

/**
 * Judges every address that a name resolved to: one bad one refuses the name, since whoever owns the name chooses which
 * one is dialled. `ownAddresses` are those of `policy.selfEndpoints` that share the port.
 */
export function judgeTarget(
  policy: OutboundPolicy,
  target: Endpoint,
  resolved: string[],
  ownAddresses: string[],
): Verdict {
  const own = new Set(ownAddresses.map(normalizeSelf));
  const dial: Reachable[] = [];
  for (const text of resolved) {
    const address = classifyIp(text);
    if (!address) return { allowed: false, address: "The answer", why: "is not an address" };
    const refused = checkTarget(policy, target, address, own);
    if (refused) return refused;
    dial.push({ address: address.literal, isPublic: address.kind === "public" });
  }
  return dial.length > 0 ? { allowed: true, dial } : { allowed: false, address: "The name", why: "has no address" };
}

function checkTarget(
  policy: OutboundPolicy,
  target: Endpoint,
  address: ClassifiedIp,
  own: Set<string>,
): TargetRefusal | undefined {
  const refuse = (why: string, allowLine?: string): TargetRefusal => ({
    allowed: false,
    address: address.literal,
    why,
    ...(allowLine ? { allowLine } : {}),
  });
  const named = policy.selfEndpoints.some(
    (place) => place.port === target.port && bareName(place.host) === bareName(target.host),
  );
  if (named || own.has(normalizeSelf(address.canonical)))
    return refuse("is where this vault itself or its database listens");
  if (address.kind === "public") return undefined;
  if (address.kind === "unusable") return refuse(WORDS.unusable);
  if (policy.allow.some((rule) => grants(rule, target, address))) return undefined;
  return refuse(WORDS[address.kind], allowLine(address.canonical, target.port));
}

const WORDS: Record<Exclude<AddressKind, "public">, string> = {
  loopback: "is this machine itself (a loopback address)",
  private: "is a private address",
  link_local: "is a link-local address",
  metadata: "is a cloud metadata address",
  reserved: "is a reserved address",
  unusable: "is not an address of a single machine that can be reached directly",
};

const allowLine = (address: string, port: number) =>
  address.includes(":") ? `OUTBOUND_ALLOW=[${address}]/128:${port}` : `OUTBOUND_ALLOW=${address}/32:${port}`;

function grants(rule: AllowRule, target: Endpoint, { canonical, kind }: ClassifiedIp): boolean {
  if (target.port < rule.fromPort || target.port > rule.toPort) return false;
  if ("base" in rule.to) return inRange(canonical, rule.to);
  // Whoever answers for an allowed name must not be able to lead it to the metadata service.
  if (kind === "metadata" || kind === "link_local") return false;
  return "name" in rule.to ? rule.to.name === bareName(target.host) : kind === "private";
}

/** All the addresses of this machine are one place: what listens on 0.0.0.0 answers on each of them. */
function normalizeSelf(text: string): string {
  const address = classifyIp(text);
  if (!address) return text;
  const unspecified = address.canonical === "0.0.0.0" || address.canonical === "::";
  return unspecified || address.kind === "loopback" || interfaceAddresses().includes(address.canonical)
    ? "this machine"
    : address.canonical;
}

const interfaceAddresses = () =>
  Object.values(networkInterfaces()).flatMap(
    (entries) => entries?.map(({ address }) => classifyIp(address.split("%")[0] ?? "")?.canonical) ?? [],
  );
