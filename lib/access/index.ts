import "server-only";

/**
 * Who may do what with which credential: grants, groups, requests, and both questions that people ask of them. It promises that nobody
 * grants more than they manage, that what is taken away is gone with the next statement on every instance, and that each act is on
 * record.
 */
export { type BlastQuery, blastRadius, type ExposedCredential } from "./blast-radius";
export { type FoundSubject, findSubjects } from "./find-subjects";
export { programsFromBefore } from "./from-before";
export { grantAccess, type NewGrant, takeAway } from "./grants";
export { createGroup, deleteGroup, type GroupChange, getGroup, listGroups, updateGroup } from "./groups";
export { groupsOfPerson } from "./groups-of-person";
export { type GrantQuery, listGrants } from "./list-grants";
export { type Narrowing, narrowToUsed, previewNarrowing } from "./narrow";
export { accessOfToken, narrowTokenToUsed, type ReachedCredential, type TokenAccess } from "./of-token";
export { answerRequest, askForAccess, listRequests, waitingRequests, withdrawRequest } from "./requests";
export { takeAwayOver } from "./take-away-over";
export type { CursorPage, GrantView, GroupMember, GroupView, NamedSubject, RequestView, Subject } from "./view";
export { accessOfSubject, type HeldGrant, type SubjectAccess, type UsedCredential } from "./what-can";
export { accessToCredential, type CredentialAccess, type Reacher } from "./who-can";
