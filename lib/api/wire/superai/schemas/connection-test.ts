import { z } from "zod";
import { outcomes, stepIds } from "@/lib/providers/report";
import { type, values } from "./credential";

/** Connection tests: what is tried out, and what came of it. */
export const testQuery = z.strictObject({
  as_entered: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "Whether to try out what looks like a placeholder as it is." }),
});

const portText = z.union([z.number().int(), z.string().regex(/^\d{1,5}$/)]);
export const sftpBody = z
  .strictObject({
    host: z.string(),
    port: portText.nullish(),
    username: z.string(),
    auth_type: z.enum(["password", "user_password", "key_file"]),
    password: z.string().nullish(),
    private_key_data: z.string().nullish(),
    private_key_passphrase: z.string().nullish(),
    test_path: z.string().nullish(),
    host_key: z.string().nullish(),
  })
  .meta({
    id: "SftpTest",
    examples: [{ host: "sftp.example.com", username: "alice", auth_type: "password", password: "the password" }],
  });

export const postgresBody = z.strictObject({
  host: z.string().nullish(),
  port: portText.nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  database: z.string().nullish(),
  connection_string: z.string().nullish(),
  sslmode: z.string().nullish(),
  ssl_ca: z.string().nullish(),
});

/** With a connection string the fields beside it count for nothing, not even when they are wrong. */
export const postgresStringBody = z.strictObject({
  ...Object.fromEntries(Object.keys(postgresBody.shape).map((name) => [name, z.unknown().optional()])),
  connection_string: z.string(),
  ssl_ca: z.string().nullish(),
});

/** Either of the two, as documents tell it. */
export const anyPostgresBody = z.union([postgresStringBody, postgresBody]).meta({
  id: "PostgresTest",
  description:
    "A connection string, beside which the other fields count for nothing; or host, username, password and database.",
  examples: [{ host: "db.example.com", username: "app", password: "the password", database: "app" }],
});

export const testBody = z.strictObject({ provider: z.string(), credential_type: type, credentials: values }).meta({
  id: "ConnectionTest",
  examples: [
    {
      provider: "sftp",
      credential_type: "user_password",
      credentials: { host: "sftp.example.com", port: 22, username: "alice", password: "the password" },
    },
  ],
});

const stepFields = {
  label: z.string(),
  status: z.enum(["ok", "warning", "failed", "skipped"]),
  duration_ms: z.int(),
  detail: z.string().nullable(),
  code: z.string().nullable().meta({ description: "A fixed word for what went wrong." }),
  meaning: z.string().nullable(),
  advice: z.string().nullable(),
};
/** A step of a rotation, which knows no fields. */
export const step = z.strictObject({ step: z.string(), ...stepFields }).meta({ id: "RotationStep" });
export type StepShown = z.output<typeof step>;

const testStep = z
  .strictObject({
    step: z.enum(stepIds),
    ...stepFields,
    field: z.string().nullable().meta({ description: "The field to look at." }),
  })
  .meta({ id: "TestStep" });

export const report = z
  .strictObject({
    success: z.boolean(),
    outcome: z.enum(outcomes),
    reason: z.string().nullable(),
    duration_ms: z.int(),
    steps: z.array(testStep),
    host_key: z.string().nullable(),
    certificate_expires_at: z.string().nullable(),
    test_receipt: z.string(),
  })
  .meta({
    id: "TestReport",
    description: "A test that fails is an answer, not an error: look at `success`.",
    examples: [
      {
        success: false,
        outcome: "failed",
        reason: "auth_failed",
        duration_ms: 212,
        steps: [
          {
            step: "sign_in",
            label: "Sign in",
            status: "failed",
            duration_ms: 80,
            detail: null,
            code: "auth_failed",
            meaning: "The server does not accept this user name and password.",
            advice: "Check both.",
            field: "password",
          },
        ],
        host_key: null,
        certificate_expires_at: null,
        test_receipt: "(a receipt)",
      },
    ],
  });
export type Report = z.output<typeof report>;

export const postgresReport = z
  .strictObject({
    success: z.boolean(),
    reachable: z.boolean(),
    tls: z.boolean(),
    authenticated: z.boolean(),
    query_ok: z.boolean(),
  })
  .meta({
    id: "PostgresTestReport",
    examples: [{ success: true, reachable: true, tls: true, authenticated: true, query_ok: true }],
  });
export type PostgresReport = z.output<typeof postgresReport>;
