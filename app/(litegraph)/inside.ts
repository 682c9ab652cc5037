import type { Call } from "@/lib/api/http/call";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { administratorOf } from "@/lib/organizations";
import { invalidField, Refusal } from "@/lib/platform/refusal";

/** The caller as an administrator of the tenant that the path names. @throws Refusal "forbidden"; "not_found" */
export const inside = ({ actor, params }: Pick<Call, "actor" | "params">): Promise<Call["actor"]> =>
  administratorOf(actor, guid(params.tenantGuid, "tenant"));

/** What this dialect answers where something is missing that others would miss. */
export const ifMissing = <T>(work: Promise<T>, instead: T): Promise<T> =>
  work.catch((error: unknown) => {
    if (isMissing(error)) return instead;
    throw error;
  });

/** A tenant or user that a write names and that is not there is a fault of the request here. */
export const mustExist = <T>(work: Promise<T>, name: string): Promise<T> =>
  work.catch((error: unknown) => {
    if (isMissing(error)) throw invalidField(name, "Is not there");
    throw error;
  });

const isMissing = (error: unknown) => error instanceof Refusal && error.code === "not_found";

export const EMPTY = { items: [], total: 0, remaining: 0 };
