import { z } from "zod";
import { absent, guid, instant, ownGuid, text } from "./fields";

/** Lists and pages: what they are asked for, and what they are. */
export const orderNames = [
  "CreatedAscending",
  "CreatedDescending",
  "NameAscending",
  "NameDescending",
  "GuidAscending",
  "GuidDescending",
  "CostAscending",
  "CostDescending",
  "MostConnected",
  "LeastConnected",
] as const;

const whole = (minimum: number, maximum: number) =>
  z
    .string()
    .optional()
    .meta({ override: { type: "integer", minimum, maximum } });
/** Parameters of these doors are read one by one; what is unknown is passed over. */
export const pageQuery = z.object({
  "max-keys": whole(1, 1_000).meta({ description: "Objects of a page; so is maxKeys." }),
  maxKeys: whole(1, 1_000),
  skip: whole(0, 9_999_999),
  token: guid.optional().meta({ description: "ContinuationToken of the page before." }),
  order: z.enum(orderNames).optional(),
});
export const listQuery = z.object({
  ...pageQuery.shape,
  guids: z.string().optional().meta({ description: "The objects that are asked for, separated by commas." }),
});
export const graphQuery = z.object({ graphGuid: guid.optional() });
export const forceQuery = z.object({
  force: z.string().optional().meta({ description: "Delete it with all that is in it." }),
});
const numbered = { page: whole(0, 999_999_999), pageSize: whole(1, 1_000) };
export const numberedQuery = z.object(numbered);
export const roleQuery = z.object({
  ...numbered,
  name: z.string().optional(),
  builtIn: z.string().optional(),
  builtInRole: z.string().optional(),
  resourceScope: z.string().optional(),
  permission: z.string().optional(),
  resourceType: z.string().optional(),
});

export const searchBody = z
  .object({
    Ordering: text,
    MaxResults: z.union([z.number().int(), absent]).optional(),
    Skip: z.union([z.number().int().min(0), absent]).optional(),
    ContinuationToken: ownGuid,
    TenantGUID: ownGuid,
    UserGUID: ownGuid,
  })
  .meta({ id: "EnumerationQuery", examples: [{ Ordering: "CreatedDescending", MaxResults: 100 }] });

const counted = {
  Success: z.literal(true),
  MaxResults: z.int(),
  EndOfResults: z.boolean(),
  TotalRecords: z.int(),
  RecordsRemaining: z.int(),
};
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    ...counted,
    Timestamp: z.strictObject({ Start: instant, End: instant, TotalMs: z.int(), Messages: z.strictObject({}) }),
    ContinuationToken: guid.optional(),
    Objects: z.array(item),
  });
/** A list of the first version: an array or a page, as its caller's release expects it. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.union([z.array(item), pageOf(item)]);
export const numberedPageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    ...counted,
    Page: z.int(),
    PageSize: z.int(),
    TotalCount: z.int(),
    TotalPages: z.int(),
    Objects: z.array(item),
  });
