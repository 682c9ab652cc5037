import "server-only";
import { z } from "zod";
import { requireRight, rightsOver, seesAll, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { GRANTED } from "@/lib/credentials/granted";
import { credentialsOf } from "@/lib/credentials/repository";
import { Prisma } from "@/lib/generated/prisma/client";
import { withAuthorization } from "@/lib/platform/audit";
import { inSight, type Transaction } from "@/lib/platform/db";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import { grantViews } from "./present";
import type { CursorPage, GrantView } from "./view";

const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = 100;

/** As many credentials as are sought one by one: whoever reaches more walks through the grants instead. */
const SOUGHT_MAX = 1_000;

export interface GrantQuery {
  /** Given to this person, group or program itself. */
  subjectId?: string | undefined;
  /** Given over this credential by name; those over its tags, its kind or everything are told by `accessToCredential`. */
  credentialId?: string | undefined;
  /** At most 1,000; 100 if left out. */
  limit?: number | undefined;
  cursor?: string | undefined;
}

/**
 * One page of grants, newest first, those that have ended included. Roles that see every credential see every grant; others see what
 * was given to them and their groups, and what was given over that which they manage. A token that is narrowed to some credentials
 * shows the grants over those alone.
 * @throws Refusal "not_found" for a credential out of sight; "invalid" for an id that is none, and for a cursor of another list
 */
export function listGrants(actor: Actor, query: GrantQuery = {}): Promise<CursorPage<GrantView>> {
  return withAuthorization(actor, "access:read", { action: "access.read" }, async () => {
    if (query.subjectId !== undefined && !isUuid(query.subjectId)) throw invalidField("subject_id", "Is not an id");
    const { credentialId } = query;
    if (credentialId !== undefined) requireRight(actor, await credentialsOf(sightOf(actor)).show(credentialId), "see");
    const limit = Math.min(query.limit ?? LIMIT_DEFAULT, LIMIT_MAX);
    return inSight(sightOf(actor), async (tx) => {
      const found = await pick(tx, actor, query, limit + 1);
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: await viewsOf(tx, actor.orgId, shown),
        next: found.length > limit && last ? cursorOf(last) : null,
      };
    });
  });
}

/** Where a grant stands in the list: when it was given, to the millionth of a second that the database keeps, and its id. */
const positionShape = z.strictObject({
  at: z.string().regex(/^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
  id: z.uuid(),
});
type Position = z.output<typeof positionShape>;

const cursorOf = ({ at, id }: Position): string => Buffer.from(JSON.stringify({ at, id })).toString("base64url");

function positionOf(cursor: string): Position {
  try {
    const position = positionShape.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    const toTheSecond = position.at.slice(0, 19);
    // The database knows no 31 February either.
    if (new Date(position.at).toISOString().startsWith(toTheSecond)) return position;
  } catch {
    // Falls through to the one refusal: what was wrong with it helps nobody.
  }
  throw new Refusal("invalid", "The cursor is not of this list", {
    fields: [{ path: ["cursor"], message: "Start again without a cursor", code: "cursor" }],
  });
}

/**
 * Whoever's role does not show everything, or whose token does not, sees what is theirs and what is over that which they manage.
 * Credentials out of sight are not there.
 */
async function pick(tx: Transaction, actor: Actor, query: GrantQuery, count: number): Promise<Position[]> {
  const { orgId, limits } = actor;
  const { subjectId = null, credentialId = null, cursor } = query;
  const { at, id } = cursor === undefined ? { at: null, id: null } : positionOf(cursor);
  const all = seesAll(actor);
  const sought = all ? null : await reachedIds(tx, orgId);
  const isNarrowed = limits?.reach ?? false;
  const byRole = rightsOver(actor, []).length > 0;
  const mayManage = rightsOver(actor, ["manage"]).includes("manage");
  return tx.$queryRaw<Position[]>`
    SELECT g.id, to_char(g.granted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
      FROM access_grant g
     WHERE g.org_id = ${orgId}::uuid
       AND (${subjectId}::uuid IS NULL OR g.subject_id = ${subjectId}::uuid)
       AND (${credentialId}::uuid IS NULL OR g.credential_id = ${credentialId}::uuid)
       AND (${id}::uuid IS NULL OR (g.granted_at, g.id) < (${at}::timestamptz, ${id}::uuid))
       AND (${all}
         OR (NOT ${isNarrowed} AND g.subject_id = ANY ((SELECT app_subjects())::uuid[]))
         OR (g.credential_id IS NOT NULL AND (${sought}::uuid[] IS NULL OR g.credential_id = ANY (${sought}::uuid[]))
           AND EXISTS (SELECT FROM credential c WHERE c.org_id = g.org_id AND c.id = g.credential_id AND c.deleted_at IS NULL
             AND (${byRole} OR g.subject_id = ANY ((SELECT app_subjects())::uuid[])
               OR (${mayManage} AND 'manage' = ANY (${Prisma.raw(GRANTED)})))))
         OR (g.credential_id IS NULL AND NOT ${isNarrowed} AND ${mayManage}
           AND EXISTS (SELECT FROM access_grant m WHERE m.org_id = g.org_id
             AND m.subject_id = ANY ((SELECT app_subjects())::uuid[]) AND m."right" = 'manage'
             AND (m.reach = 'all' OR (m.reach = g.reach AND m.reach_key = g.reach_key))
             AND (m.expires_at IS NULL OR m.expires_at > now()))))
     ORDER BY g.granted_at DESC, g.id DESC LIMIT ${count}`;
}

/** The few that somebody reaches; null where they are many. */
async function reachedIds(tx: Transaction, orgId: string): Promise<string[] | null> {
  const [reached] = await tx.$queryRaw<{ ids: string[] | null }[]>`
    SELECT reached_ids(${orgId}::uuid, ${SOUGHT_MAX}::integer)::text[] AS ids`;
  return reached?.ids ?? null;
}

async function viewsOf(tx: Transaction, orgId: string, shown: Position[]): Promise<GrantView[]> {
  const rows = await tx.accessGrant.findMany({ where: { orgId, id: { in: shown.map(({ id }) => id) } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return grantViews(
    tx,
    orgId,
    shown.flatMap(({ id }) => byId.get(id) ?? []),
  );
}
