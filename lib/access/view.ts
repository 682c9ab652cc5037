import type { Reach, RequestState, Right, SubjectKind } from "@/lib/vocabulary/access";

/** Whom something is granted to. */
export interface Subject {
  kind: SubjectKind;
  id: string;
}

/** The same with how it is shown. */
export interface NamedSubject extends Subject {
  name: string;
}

/** A grant as lists and pages show it; times as ISO text. */
export interface GrantView extends Reach {
  id: string;
  subject: NamedSubject;
  right: Right;
  /** How the reach is shown: the credential's name, the tag, the kind's label, or "everything". */
  reachName: string;
  expiresAt: string | null;
  reason: string | null;
  /** Given to what was there before there were grants. */
  fromBefore: boolean;
  grantedBy: string;
  grantedAt: string;
}

export interface GroupView {
  id: string;
  name: string;
  description: string | null;
  members: number;
  createdAt: string;
  updatedAt: string;
  modifiedBy: string;
}

export interface GroupMember {
  id: string;
  name: string;
  email: string;
  addedAt: string;
  addedBy: string;
}

export interface RequestView {
  id: string;
  user: { id: string; name: string };
  credential: { id: string; name: string };
  right: Right;
  reason: string;
  state: RequestState;
  askedAt: string;
  answeredAt: string | null;
  answeredBy: string | null;
  answer: string | null;
}

/** A page of a list that is walked by cursor. */
export interface CursorPage<T> {
  items: T[];
  /** Pass as `cursor` for the next page; null at the end. */
  next: string | null;
}
