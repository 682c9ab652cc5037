import { z } from "zod";
import type { DriverName } from "../drivers/names";
import { OWN_ID } from "../own-id";
import { type ParsedFile, parseWith } from "./parse";
import type { PathProblem } from "./problem";
import { kindProblems } from "./references";
import { type Kind, kindSchema } from "./schema";
import type { Authentication } from "./schema-authentication";
import type { KindField } from "./schema-field";
import { isDriverTest } from "./schema-test";
import { namesIn } from "./templates";

/** Longest definition of an organisation's own kind, in characters. */
export const OWN_TEXT_MAX = 16 * 1024;

const { shape } = kindSchema;

/** The form of the catalogue's files, for somebody who writes one kind and shares it with nobody. */
const ownKindSchema = kindSchema.extend({
  id: z
    .string({ error: "Must be text" })
    .regex(OWN_ID, "Must begin with own_, and go on with 1 to 56 small letters, digits or underscores"),
  group: shape.group.default("generic"),
  aliases: shape.aliases.default([]),
  description: shape.description.default("A kind of this organisation's own."),
  provenance: shape.provenance.optional(),
  imports: z
    .array(z.string({ error: "Must be text" }).regex(/^[A-Za-z0-9_.-]{1,64}$/, "Must be the name of a type elsewhere"))
    .max(10)
    .optional()
    .describe("What other systems call it: their credentials of a type of this name are moved in as this kind."),
});

/**
 * Reads the definition of an organisation's own kind. Nothing in it reaches what is the operator's: no setting is named, no
 * sign-in, and no driver but those that speak to the server that the credential names. What decides where a secret goes is always
 * a field that says so.
 * @param further what else must hold, of the organisation that it is for
 */
export const parseOwnKind = (text: string, further: (kind: Kind) => PathProblem[] = () => []): ParsedFile<Kind> =>
  parseWith<Kind>(
    text,
    ownKindSchema,
    (kind) => [...kindProblems(kind), ...ownProblems(kind), ...further(kind)],
    OWN_TEXT_MAX,
  );

function ownProblems(kind: Kind): PathProblem[] {
  const fields = new Map(kind.fields.map((field) => [field.name, field]));
  return [...ofTheCatalogue(kind), ...schemeProblems(kind), ...testProblems(kind, fields)];
}

const ofTheCatalogue = (kind: Kind): PathProblem[] =>
  (["flowise", "same_as"] as const).flatMap((name) =>
    kind[name] === undefined ? [] : [{ path: [name], message: "Is for the kinds that come with Latchkey" }],
  );

const NO_SIGN_IN =
  "Signing in at a provider is for the kinds that come with Latchkey: it needs a client of the operator's, or code that renews access. Use a scheme that sends a value of the credential";

/** What a credential's key signs goes to an address that no field says and nobody sees: for the operator to choose. */
const NO_EXCHANGE =
  "Fetching a token with a service account's key is for the kinds that come with Latchkey: it decides by itself where to. Use a scheme that sends a value of the credential";

const NOT_OFFERED: Partial<Record<Authentication["scheme"], string>> = {
  oauth2: NO_SIGN_IN,
  service_account_jwt: NO_EXCHANGE,
};

function schemeProblems({ authentication = [], credential_type: type }: Kind): PathProblem[] {
  return [
    ...authentication.flatMap(({ scheme }, at) => {
      const message = NOT_OFFERED[scheme];
      return message === undefined ? [] : [{ path: ["authentication", at, "scheme"], message }];
    }),
    ...(TYPES_SIGNED_IN.includes(type)
      ? [
          {
            path: ["credential_type"],
            message: "Is for kinds that somebody signs in for. Take api_key or user_password",
          },
        ]
      : []),
  ];
}

const TYPES_SIGNED_IN: string[] = ["google_oauth", "sharepoint_oauth", "oauth2"];

const DATABASES: DriverName[] = ["mysql", "postgresql", "mongodb", "redis", "sql_server"];
const PROTOCOLS: DriverName[] = ["smtp", "imap", "ldap", "amqp", "mqtt", "ftp", "nats", "kafka"];

/** They speak to the server that the credential names, or to the one that all such keys are for. A new one is not offered by itself. */
const OFFERED: DriverName[] = [...DATABASES, ...PROTOCOLS, "aws_identity"];

/** Values of drivers that prove who somebody is, and what is asked once that is proven. All others say where to, and how safely. */
const NO_PLACES = ["password", "token", "access_key_id", "secret_access_key", "session_token", "base"];

const DRIVER_NOT_OFFERED = `Asks with access that a sign-in gave, which kinds of one's own have none of. Take one of: ${OFFERED.join(", ")}`;

function testProblems({ test }: Kind, fields: ReadonlyMap<string, KindField>): PathProblem[] {
  if (test === undefined) return [];
  if (!isDriverTest(test)) {
    const host = (test.url ?? "").split("/").slice(0, 3).join("/");
    return namesIn(host).length === 0
      ? []
      : [
          {
            path: ["test", "url"],
            message: "Must name its host outright. Where a field decides that, use base_url and path",
          },
        ];
  }
  if (!OFFERED.includes(test.driver)) return [{ path: ["test", "driver"], message: DRIVER_NOT_OFFERED }];
  return Object.entries(test.values ?? {}).flatMap(([value, name]) => {
    const field = fields.get(name);
    if (!field || NO_PLACES.includes(value)) return [];
    const isWhole = value === "url" || value === "connection_string";
    if (isWhole && field.kind !== "url")
      return [
        { path: ["test", "values", value], message: "Must be a field of the kind url, which is known to hold a place" },
      ];
    return isWhole || field.destination
      ? []
      : [
          {
            path: ["test", "values", value],
            message: `Names ${name}, which decides where secrets go: say destination: true at that field`,
          },
        ];
  });
}
