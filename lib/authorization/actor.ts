import type { Right } from "@/lib/vocabulary/access";
import type { Role, Scope } from "@/lib/vocabulary/permissions";

/** Of a token: the rights that it may make use of, and whether the database knows of credentials that it is narrowed to. */
export interface ActorLimits {
  rights?: readonly Right[];
  reach: boolean;
}

export const actorKinds = ["user", "service_account", "system"] as const;

/** Who asks, in one organisation. Doors find it out; services believe it. Never built from a body or a path. */
export interface Actor {
  kind: (typeof actorKinds)[number];
  orgId: string;
  /** Of the user or service account; a fixed word for the system. */
  id: string;
  /** For people to read in audit rows and `modified_by`. */
  name: string;
  role: Role;
  /** What the API token allows; absent for a console session, which allows all its role does. */
  scopes?: readonly Scope[];
  tokenId?: string;
  /** What that token is narrowed to; absent where it is not. */
  limits?: ActorLimits;
  /** The networks that it works from, where it is narrowed to some. */
  networks?: readonly string[];
  /** When that token, or the secret of it that was sent, stops working; absent for one that does not, and for a session. */
  tokenEndsAt?: Date;
  /** When this session last proved its password; of a security token, when it was made for one. */
  passwordCheckedAt?: Date;
  sessionId?: string;
  /** Aborted when whoever asks has gone away; absent where nobody can tell. */
  signal?: AbortSignal | undefined;
  requestId: string;
  address: string;
}

/** Work that nobody asked for: health checks, migrations of keys, the command line. */
export const systemActor = (orgId: string, name: string, requestId: string): Actor => ({
  kind: "system",
  orgId,
  id: name,
  name,
  role: "system",
  requestId,
  address: "local",
});
