import type {
  SubjectAccess as AccessOfSubject,
  TokenAccess as AccessOfToken,
  CredentialAccess as AccessToCredential,
  BlastQuery,
  ExposedCredential as Exposed,
  GrantView,
  GroupMember,
  GroupView,
  NamedSubject,
  Narrowing as NarrowingView,
  RequestView,
} from "@/lib/access";
import { invalidField } from "@/lib/platform/refusal";
import { type SubjectKind, subjectKinds } from "@/lib/vocabulary/access";
import { apiKeyLimits } from "./present";
import {
  type AccessRequest,
  answerBody,
  type CredentialAccess,
  type ExposedCredential,
  exposedQuery,
  type Grant,
  type Group,
  type GroupWithMembers,
  grantBody,
  grantsQuery,
  groupBody,
  groupPatch,
  type Narrowing,
  requestBody,
  requestsQuery,
  type SubjectAccess,
  type TokenAccess,
} from "./schemas/access";
import { parameters, shaped } from "./shape";

/** Grants, groups and requests in SuperAI's form. */
const end = (given: string | null | undefined) => (given ? new Date(given) : null);

export const grantQuery = (query: URLSearchParams) => parameters(grantsQuery, query);

export function newGrant(body: Record<string, unknown>) {
  const { subject_type: kind, subject_id: id, reach, key, rights, expires_at, reason } = shaped(grantBody, body);
  if (reach === "all" && key !== "") throw invalidField("key", "Everything has no key: leave it out");
  return { subject: { kind, id }, reach, key, rights, expiresAt: end(expires_at), reason };
}

export const newGroup = (body: Record<string, unknown>) => shaped(groupBody, body);

export const groupChange = (body: Record<string, unknown>) => shaped(groupPatch, body);

export const requestQuery = (query: URLSearchParams) => ({ state: parameters(requestsQuery, query).status });

export const newRequest = (body: Record<string, unknown>) => shaped(requestBody, body);

export function answerGiven(body: Record<string, unknown>) {
  const { decision, note, expires_at } = shaped(answerBody, body);
  return { isGranted: decision === "grant", note: note ?? undefined, expiresAt: end(expires_at) };
}

/** @throws Refusal "invalid" for a word that is no kind of subject */
export function subjectKindIn(segment: string | undefined): SubjectKind {
  const kind = subjectKinds.find((one) => one === segment);
  if (!kind) throw invalidField("subject_type", `Must be one of: ${subjectKinds.join(", ")}`);
  return kind;
}

const subject = ({ kind, id, name }: NamedSubject) => ({ subject_type: kind, subject_id: id, subject_name: name });

export const grant = (view: GrantView): Grant => ({
  id: view.id,
  ...subject(view.subject),
  right: view.right,
  reach: view.reach,
  key: view.key,
  reach_name: view.reachName,
  expires_at: view.expiresAt,
  reason: view.reason,
  from_before: view.fromBefore,
  granted_by: view.grantedBy,
  granted_at: view.grantedAt,
});

export const group = (view: GroupView): Group => ({
  id: view.id,
  name: view.name,
  description: view.description,
  member_count: view.members,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
  modified_by: view.modifiedBy,
});

export const groupWithMembers = (view: GroupView & { people: GroupMember[] }): GroupWithMembers => ({
  ...group(view),
  members: view.people.map(({ id, name, email, addedAt, addedBy }) => ({
    ...{ id, name, email },
    added_at: addedAt,
    added_by: addedBy,
  })),
});

export const accessRequest = (view: RequestView): AccessRequest => ({
  id: view.id,
  user_id: view.user.id,
  user_name: view.user.name,
  credential_id: view.credential.id,
  credential_name: view.credential.name,
  right: view.right,
  reason: view.reason,
  status: view.state,
  asked_at: view.askedAt,
  answered_at: view.answeredAt,
  answered_by: view.answeredBy,
  note: view.answer,
});

export const credentialAccess = (view: AccessToCredential): CredentialAccess => ({
  own: view.own,
  reachers: view.reachers.map((one) => ({
    ...subject(one.subject),
    rights: one.rights,
    is_owner: one.isOwner,
    last_used_at: one.lastUsedAt,
    grants: one.grants.map(grant),
  })),
  roles: view.roles.map(({ role, people, rights }) => ({ role, people, rights: [...rights] })),
});

export const subjectAccess = (view: AccessOfSubject): SubjectAccess => ({
  ...subject(view.subject),
  grants: view.grants.map((held) => ({
    ...grant(held),
    last_used_at: held.lastUsedAt,
    is_quiet: held.isQuiet,
    via_group_id: held.via?.id ?? null,
    via_group_name: held.via?.name ?? null,
  })),
  used: view.used.map(({ id, name, provider, usedAt, changedAt }) => ({
    ...{ credential_id: id, name, provider },
    used_at: usedAt,
    changed_at: changedAt,
  })),
});

export const tokenAccess = ({ token, owner, credentials, hasMore }: AccessOfToken): TokenAccess => ({
  id: token.id,
  name: token.name,
  limits: token.limits && apiKeyLimits(token.limits),
  ...subject(owner),
  credentials: credentials.map(({ id, name, provider, rights, usedAt, changedAt, isShared }) => ({
    ...{ credential_id: id, name, provider, rights },
    ...{ used_at: usedAt, changed_at: changedAt, is_shared: isShared },
  })),
  has_more: hasMore,
});

/** @throws Refusal "invalid" for half of a name */
export function blastQuery(query: URLSearchParams): BlastQuery {
  const { by_type: kind, by_id: id, from, to } = parameters(exposedQuery, query);
  if ((kind === undefined) !== (id === undefined)) throw invalidField("by_id", "Send by_type and by_id together");
  const span = { ...(from && { from: new Date(from) }), ...(to && { to: new Date(to) }) };
  return { ...(kind && id && { by: { kind, id } }), ...span };
}

export const exposedCredential = ({ id, type, active, lastAt, ...rest }: Exposed): ExposedCredential => ({
  credential_id: id,
  name: rest.name,
  provider: rest.provider,
  credential_type: type,
  is_active: active,
  how: rest.how,
  times: rest.times,
  last_at: lastAt,
});

export const narrowing = ({ replaced, kept, keeps }: NarrowingView): Narrowing => ({
  replaced,
  kept,
  keeps: keeps.map(({ id, name, rights, lastAt }) => ({ credential_id: id, name, rights, last_at: lastAt })),
});
