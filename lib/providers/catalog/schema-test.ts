import { z } from "zod";
import { driverNames } from "../drivers/names";
import { headerName, template } from "./schema-authentication";
import { fieldName, words } from "./schema-field";

export const meanings = [
  "accepted",
  "wrong_key",
  "refused",
  "no_permission",
  "no_credit",
  "throttled",
  "not_found",
  "unexpected",
] as const;

const needs = z
  .array(fieldName)
  .max(5)
  .optional()
  .describe("Public fields without which there is nowhere to test against.");

const status = z
  .int({ error: "Must be a status from 100 to 599" })
  .refine((value) => value >= 100 && value <= 599, "Must be a status from 100 to 599");

const answerRule = z.strictObject({
  status,
  path: z
    .array(z.union([z.string().min(1).max(100), z.int().min(0).max(1_000)]))
    .min(1)
    .max(10)
    .describe("Leads to one member of the JSON answer."),
  is: z
    .array(z.union([z.string().max(200), z.number(), z.boolean()]))
    .min(1)
    .max(50),
  means: z.enum(meanings),
});

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
const json: z.ZodType<Json> = z.lazy(() =>
  z.union([template, z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string().max(100), json)], {
    error: "Must be a JSON value, with braces only around names of fields",
  }),
);

const httpTest = z.strictObject({
  driver: z.never().optional().describe("Is of the other form."),
  needs,
  method: z.enum(["GET", "POST"]).optional().describe("Default: GET."),
  path: template
    .regex(/^\//, "Must begin with /")
    .optional()
    .describe("Below base_url, with a query if there is one; values are percent-encoded."),
  url: template
    .regex(/^https:\/\//, "Must begin with https://")
    .optional()
    .describe("In place of path: another address than base_url."),
  signed: z
    .literal(false)
    .optional()
    .describe("The request is not signed as authentication says: it carries the values itself, in its body."),
  headers: z.record(headerName, template).optional(),
  form: z.record(z.string().min(1).max(100), template).optional().describe("Sent as a form."),
  json: json.optional().describe("Sent as JSON."),
  statuses: z
    .record(z.string().regex(/^[1-5]\d\d$/, "Must be a status from 100 to 599"), z.enum(meanings))
    .optional()
    .describe("What statuses mean where it is not what they usually mean."),
  answers: z.array(answerRule).max(50).optional().describe("Looked at before the status, in this order."),
  spends: words(100).optional().describe("What a test costs at the service, if anything."),
});

const driverTest = z.strictObject({
  needs,
  driver: z.enum(driverNames, { error: `Must be one of: ${driverNames.join(", ")}` }),
  values: z
    .record(z.string(), fieldName)
    .optional()
    .describe("By the driver's own names: the fields that hold its values."),
  fixed: z
    .record(z.string(), z.union([z.string().max(200), z.number(), z.boolean()]))
    .optional()
    .describe("Values of the driver that are the same for every credential, or where the field is left empty."),
});

/** How a credential is tried out: by one request, or by a driver. */
export const testSchema = z.union([driverTest, httpTest]);

export const isDriverTest = (test: HttpTest | DriverTest): test is DriverTest => test.driver !== undefined;

export type HttpTest = z.output<typeof httpTest>;
export type DriverTest = z.output<typeof driverTest>;
export type Meaning = (typeof meanings)[number];
export type AnswerRule = z.output<typeof answerRule>;
