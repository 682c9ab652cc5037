import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { requireRecentPassword } from "@/lib/authorization/authorize";
import { issueTokens, type TokenOrder, type TokenView, tokensOf } from "@/lib/identity/tokens";
import { type NewUser, newRow, peopleIn } from "@/lib/identity/users/users";
import { addressTaken, targetOf, type UserView, viewsOf } from "@/lib/identity/users/view";
import { record, withAuthorization } from "@/lib/platform/audit";
import { inOrganization, isDuplicate, type Transaction } from "@/lib/platform/db";
import { cleanName } from "@/lib/platform/names";
import { inPart, invalidField } from "@/lib/platform/refusal";
import { idInUse } from "@/lib/platform/repeated-create";
import { asDelegatedAdmin } from "./assume-organization";
import { freeName, insertOrganization, type NewOrganization, unlessNameTaken } from "./organizations";
import { type OrganizationView, toView } from "./view";

/** An organisation with whom and what it begins with. */
export interface OnboardingOrder {
  organization: NewOrganization;
  people: NewUser[];
  tokens: NewMembersToken[];
}

/** A token of one of the people; of the first, where none is named. */
export type NewMembersToken = Omit<TokenOrder, "owner" | "ownerName"> & { ownerId?: string | undefined };

export interface OnboardingResult {
  organization: OrganizationView;
  people: UserView[];
  /** Each with its whole token, which is shown this once. */
  tokens: { token: string | null; view: TokenView }[];
}

/** Each costs a hash of its password. */
const PEOPLE_MAX = 50;
const TOKENS_MAX = 200;

/**
 * Makes an organisation with people and tokens of theirs: all of it, or nothing. Like everything that the platform makes for
 * others, they open nothing there until the organisation confirms them, but for its founder.
 * @throws Refusal "forbidden" but for the platform's administrators; "invalid" naming the part and its field; "conflict" for an id,
 * an address or a token that is taken
 */
export function onboardOrganization(actor: Actor, order: OnboardingOrder): Promise<OnboardingResult> {
  return withAuthorization(actor, "platform:manage", { action: "organization.created" }, async () => {
    requireRecentPassword(actor);
    const { organization: wanted } = order;
    requireBounds(order);
    const id = wanted.id ?? wanted.reservedId ?? uuidv7();
    const delegatedAdmin = asDelegatedAdmin(actor, id);
    const name = await inPart(["organization"], () => freeName(cleanName(wanted.name), wanted));
    const people = await rowsOf(delegatedAdmin, order.people);
    const tokens = await ordersFor(people, order.tokens);
    return unlessNameTaken(() =>
      inOrganization(id, async (tx) => {
        if (await tx.organization.findUnique({ where: { id }, select: { id: true } })) {
          if (wanted.id === undefined) return whatIs(tx, id);
          throw idInUse();
        }
        const made = await insertOrganization(tx, actor, { id, name, active: wanted.active ?? true });
        await insertPeople(tx, delegatedAdmin, people);
        const ids = people.map((one) => one.id);
        const issued = await inPart(["tokens"], () => issueTokens(tx, delegatedAdmin, tokens));
        return { organization: toView(made), people: await peopleIn(tx, id, ids), tokens: issued };
      }),
    );
  });
}

function requireBounds({ people, tokens }: OnboardingOrder): void {
  if (people.length > PEOPLE_MAX)
    throw invalidField("people", `Must be at most ${PEOPLE_MAX}: add the others afterwards`);
  if (tokens.length > TOKENS_MAX)
    throw invalidField("tokens", `Must be at most ${TOKENS_MAX}: add the others afterwards`);
}

type Row = Awaited<ReturnType<typeof newRow>>;

async function rowsOf(delegatedAdmin: Actor, people: NewUser[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [at, one] of people.entries()) {
    const row = await inPart(["people", at], () => newRow(one, delegatedAdmin));
    if (rows.some(({ id }) => id === row.id)) throw idInUse();
    if (rows.some(({ emailKey }) => emailKey === row.emailKey)) throw addressTaken();
    rows.push(row);
  }
  return rows;
}

async function ordersFor(people: Row[], tokens: NewMembersToken[]): Promise<TokenOrder[]> {
  const orders: TokenOrder[] = [];
  for (const [at, { ownerId, ...one }] of tokens.entries()) {
    const owner = await inPart(["tokens", at], () => ownerAmong(people, ownerId));
    if (one.id !== undefined && orders.some(({ id }) => id === one.id)) throw idInUse();
    orders.push({ ...one, owner: { kind: "user", id: owner.id }, ownerName: owner.email });
  }
  return orders;
}

function ownerAmong(people: Row[], id: string | undefined): Row {
  const owner = id === undefined ? people[0] : people.find((one) => one.id === id);
  if (!owner) throw invalidField("owner", "Must be one of the people of this request");
  return owner;
}

async function insertPeople(tx: Transaction, delegatedAdmin: Actor, rows: Row[]): Promise<void> {
  if (rows.length === 0) return;
  try {
    await tx.user.createMany({ data: rows });
  } catch (error) {
    throw isDuplicate(error) ? addressTaken() : error;
  }
  await record(tx, delegatedAdmin, ...rows.map((row) => ({ action: "user.created" as const, target: targetOf(row) })));
}

/** What an earlier try of the same request has made; its tokens were shown in the answer that got lost, and are not shown again. */
async function whatIs(tx: Transaction, id: string): Promise<OnboardingResult> {
  const organization = toView(await tx.organization.findUniqueOrThrow({ where: { id } }));
  const rows = await tx.user.findMany({ where: { orgId: id }, orderBy: { createdAt: "asc" }, take: PEOPLE_MAX });
  const tokens = (await tokensOf(tx, id, TOKENS_MAX)).map((view) => ({ token: null, view }));
  return { organization, people: await viewsOf(tx, id, rows), tokens };
}
