import { v5 as uuidv5 } from "uuid";
import type { CredentialView, FetchedSecret } from "@/lib/credentials";
import type { UserView } from "@/lib/identity";
import type { ServiceAccountView, TokenView } from "@/lib/identity/tokens";
import type { OrganizationView } from "@/lib/organizations";
import { digestOf, entityTag } from "@/lib/platform/expected-version";
import type { Provider } from "@/lib/providers/define";
import type { Doubt } from "@/lib/providers/doubts";
import type { TestReport, TestStep } from "@/lib/providers/report";
import type { TokenLimits } from "@/lib/vocabulary/access";
import type { FreshUser, Organization, Profile, User } from "./schemas/administration";
import type { CatalogEntry, CredentialSchema } from "./schemas/catalog";
import type { PostgresReport, Report, StepShown } from "./schemas/connection-test";
import type { Credential } from "./schemas/credential";
import type { ApiKey, ApiKeyLimits, FreshApiKey, ServiceAccount } from "./schemas/service-account";
import { namesFor } from "./type-names";

/** Views in SuperAI's form. Built field by field from views, which hold no secret to leak. */
export const credential = (view: CredentialView): Credential => ({
  id: view.id,
  // Other systems knew it by this one, which paths take as well.
  external_id: view.externalId,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
  modified_by: view.modifiedBy,
  provider: view.provider,
  user_id: view.ownerId,
  google_email: view.provider === "google" ? view.accountEmail : null,
  name: view.name,
  credential_type: view.type,
  status: view.status,
  version: view.version,
  tags: view.tags,
  summary: view.summary,
  expires_at: view.expiresAt,
  token_expires_at: view.tokenExpiresAt,
  last_used_at: view.lastUsedAt,
  last_test: view.health && {
    outcome: view.health.outcome,
    reason: view.health.reason,
    tested_at: view.health.testedAt,
    current: view.health.current,
  },
});

/** The strong validator of a credential as it is shown, with all that moves without a new version. */
export const etag = (view: CredentialView): string => tagOf(credential(view));
const tagOf = (shown: Credential): string => entityTag(shown, digestOf(shown));

/** The answer of one credential; to a save also with what looks doubtful about the values that were sent, if anything does. */
export function credentialAnswer<Status extends 200 | 201>(status: Status, view: CredentialView, doubts: Doubt[] = []) {
  const shown = credential(view);
  const hints = doubts.map(({ field, code, message }) => ({ field, code, message }));
  return { status, body: { ...shown, ...(hints.length > 0 && { hints }) }, headers: { ETag: tagOf(shown) } };
}

/** The validator of its secrets. Renewed tokens are no new version, and are new values. */
export const secretTag = (fetched: FetchedSecret): string => entityTag(fetched, fetched.sealedVersion);

/** The stored values as they are: what the contract's secrets endpoint answers. */
export const secret = (fetched: FetchedSecret) => fetched.data;

export const serviceAccount = (view: ServiceAccountView): ServiceAccount => ({
  id: view.id,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
  modified_by: view.modifiedBy,
  organization_id: view.orgId,
  name: view.name,
  description: view.description,
  status: view.status,
});

export const apiKey = (view: TokenView, organizationId: string): ApiKey => ({
  id: view.id,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
  modified_by: view.modifiedBy,
  name: view.name,
  description: view.description,
  token_prefix: view.prefix,
  user_id: view.userId,
  service_account_id: view.serviceAccountId,
  organization_id: organizationId,
  scopes: view.scopes,
  limits: view.limits && apiKeyLimits(view.limits),
  status: view.status,
  expires_at: view.expiresAt,
  last_used_at: view.lastUsedAt,
});

const listed = <T>(list: readonly T[] | undefined): T[] | null => (list ? [...list] : null);

/** What a key or token is narrowed to. */
export const apiKeyLimits = (limits: TokenLimits): ApiKeyLimits => ({
  rights: listed(limits.rights),
  credential_ids: listed(limits.credentialIds),
  tags: listed(limits.tags),
  kinds: listed(limits.kinds),
  networks: listed(limits.networks),
});

export const organization = (view: OrganizationView): Organization => ({
  id: view.id,
  name: view.name,
  is_active: view.active,
  max_credentials_per_provider: view.maxPerProvider,
  max_credentials_per_user: view.maxPerUser,
  require_test_before_save: view.requireTestBeforeSave,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
});

export const user = (view: UserView): User => ({
  id: view.id,
  organization_id: view.orgId,
  email: view.email,
  first_name: view.firstName,
  last_name: view.lastName,
  role: view.role,
  status: view.status,
  // Set up by the platform: opens nothing until the organisation has confirmed it.
  unconfirmed: view.unconfirmed,
  last_sign_in_at: view.lastSignInAt,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
  modified_by: view.modifiedBy,
});

export const profile = (person: UserView, { name }: OrganizationView): Profile => ({
  ...user(person),
  organization_name: name,
});

/** The answer of one of these, as they are now. The tag names the version, and all that moves without a new one. */
const versioned = <Body extends object>(view: { version: number }, body: Body) => ({
  status: 200 as const,
  body,
  headers: { ETag: entityTag(view, digestOf(body)) },
});
export const organizationAnswer = (view: OrganizationView) => versioned(view, organization(view));
export const userAnswer = (view: UserView) => versioned(view, user(view));
export const profileAnswer = (person: UserView, home: OrganizationView) => versioned(person, profile(person, home));

/** The one answer that shows where an invitation leads; of somebody who has a password there is none. */
export const freshUser = (view: UserView, link: { address: string; expiresAt: string } | null): FreshUser => ({
  ...user(view),
  invitation_url: link?.address ?? null,
  invitation_expires_at: link?.expiresAt ?? null,
});

/** What an idempotent retry is answered: everything but the address, which was shown once. */
export const withoutInvitation = (body: unknown) => ({
  ...(body as FreshUser),
  invitation_url: null,
});

/** A step of a test or a rotation. */
export const step = <Id extends string>(
  step: Omit<TestStep, "id" | "field"> & { id: Id },
): StepShown & { step: Id } => ({
  step: step.id,
  label: step.label,
  status: step.status,
  duration_ms: Math.round(step.durationMs),
  detail: step.detail ?? null,
  code: step.code ?? null,
  meaning: step.meaning ?? null,
  advice: step.advice ?? null,
});

/** The whole report, in steps. `nameOf` says what this door calls a field. */
export const report = (report: TestReport, receipt: string, nameOf = (field: string) => field): Report => ({
  success: report.outcome === "ok",
  outcome: report.outcome,
  reason: report.reason ?? null,
  duration_ms: Math.round(report.durationMs),
  steps: report.steps.map((one) => ({
    ...step(one),
    field: one.field === undefined ? null : nameOf(one.field),
  })),
  host_key: report.facts.hostKey ?? null,
  certificate_expires_at: report.facts.certificateExpiresAt ?? null,
  test_receipt: receipt,
});

/** PostgreSQL's test answers a map of booleans, nothing else: clients iterate over it. */
export function postgresReport(report: TestReport): PostgresReport {
  const passed = (id: string) =>
    report.steps.some((step) => step.id === id && (step.status === "ok" || step.status === "warning"));
  return {
    success: report.outcome === "ok",
    reachable: passed("connect"),
    // Encrypted, whatever else there is to say of the certificate: the step's warnings are for people.
    tls: passed("tls") && !report.steps.some((step) => step.code === "not_encrypted"),
    authenticated: passed("sign_in"),
    query_ok: passed("permission"),
  };
}

/** Namespace of catalogue ids: made once, so that an entry has the same id in every installation. */
const CATALOG = "6f1f7a54-8d2b-4d0e-9a53-0f6d2c1b7e10";

export const catalogEntry = (provider: Provider): CatalogEntry => ({
  id: uuidv5(provider.id, CATALOG),
  category: provider.category,
  provider: provider.id,
  name: provider.id,
  display_name: provider.label,
  description: provider.description,
  credential_types: [...provider.methods.map((method) => method.type), ...namesFor(provider.id)],
  is_plugin: false,
  credential_providers: provider.methods.map((method) => ({
    is_oauth: method.obtainedBy !== "values",
    name: method.type,
    display_name: method.label,
    testable: method.testable,
    credential_schema: credentialSchema(method),
  })),
});

/** The fields of one way to sign in, as a JSON Schema object. */
function credentialSchema(method: Provider["methods"][number]): CredentialSchema {
  const entries = Object.entries(method.fields);
  return {
    type: "object",
    additionalProperties: false,
    required: entries.filter(([, field]) => field.required).map(([name]) => name),
    properties: Object.fromEntries(
      entries.map(([name, field]) => [
        name,
        {
          type: field.control === "number" ? "integer" : field.control === "switch" ? "boolean" : "string",
          title: field.label,
          ...(field.help && { description: field.help }),
          ...(field.default !== undefined && { default: field.default }),
          ...(field.options && { enum: field.options.map((option) => option.value) }),
          ...(field.secret && { writeOnly: true, format: "password" }),
        },
      ]),
    ),
  };
}

/** PostgreSQL's test has a fixed body, so its receipt travels beside it, and the reason where it did not pass. */
export const testHeaders = ({ reason }: TestReport, receipt: string) => ({
  "X-Test-Receipt": receipt,
  ...(reason !== undefined && { "X-Test-Reason": reason }),
});

/** The one answer that shows a token. */
export const freshApiKey = (view: TokenView, organizationId: string, token: string): FreshApiKey => ({
  ...apiKey(view, organizationId),
  token,
});

/** What an idempotent retry is answered: everything but the token, which was shown once. */
export const withoutToken = (body: unknown) => ({ ...(body as FreshApiKey), token: null });
