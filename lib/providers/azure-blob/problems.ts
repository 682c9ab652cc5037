import "server-only";
import { troubleOf } from "../api-call";
import type { HttpAnswer } from "../http-exchange";
import type { Problem } from "../test-run";
import type { BlobTarget } from "./target";

type Access = BlobTarget["access"]["by"];

/**
 * What an answer means, in fixed words; undefined where the list came. Azure's code is looked up, and its details only where
 * one code means several things.
 * https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes
 */
export function blobProblem(answer: HttpAnswer, by: Access): Problem | undefined {
  const { status, headers, body } = answer;
  if (status === 200) return /<EnumerationResults[\s>]/.test(body.slice(0, 1_000)) ? undefined : NOT_STORAGE;
  if (status >= 300 && status < 400) return REDIRECTED;
  const code = String(
    headers["x-ms-error-code"] ?? /<Code>([A-Za-z]{1,80})<\/Code>/.exec(body.slice(0, 4_000))?.[1] ?? "",
  );
  if (code === "AuthenticationFailed") return notAuthenticated(body, by);
  if (code === "AuthorizationFailure") return by === "sas" ? { ...FIREWALL, meaning: FIREWALL_OR_SAS } : FIREWALL;
  const known = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  if (known) return known;
  if (status === 429 || status >= 500) return troubleOf(status);
  return code === "" ? NOT_STORAGE : unexpected(status);
}

/** Whoever is told this has signed in. */
export const provesAccess = ({ code }: Problem): boolean => SIGNED_IN.has(code);
const SIGNED_IN: ReadonlySet<string> = new Set(["permission_denied", "container_unknown", "container_going"]);

/** One code for a wrong key, a wrong or ended signature, and clocks that differ: the details say which. */
function notAuthenticated(body: string, by: Access): Problem {
  const detail = /<AuthenticationErrorDetail>([^<]{0,300})/.exec(body)?.[1] ?? "";
  if (/Request date header too old|not within|RequestTime/i.test(detail)) return CLOCK;
  if (by === "sas") return /not valid in the specified time frame/i.test(detail) ? OUT_OF_TIME : WRONG_SAS;
  return by === "key" ? WRONG_KEY : TOKEN_REFUSED;
}

const failed = (code: string, meaning: string, advice: string, field?: string): Problem => ({
  code,
  meaning,
  advice,
  ...(field && { field }),
  outcome: "failed",
});

const WRONG_KEY = failed(
  "wrong_credentials",
  "Azure does not accept this key for this account.",
  "Copy the key again under Access keys; a key that was rotated there is a new one. Check that it is this account's.",
  "secret",
);

const WRONG_SAS = failed(
  "wrong_credentials",
  "Azure does not accept this shared access signature: it was changed or cut, is for something else, or its key or policy is gone.",
  "Copy it again, whole, and check account and container. If the account's key was rotated since, make a new one.",
  "secret",
);

const OUT_OF_TIME = failed(
  "sas_expired",
  "By Azure's clock the shared access signature does not hold: it has ended, or has not begun.",
  "Make a new one that holds now. If it should, whoever runs Latchkey must check the clock of its machine.",
  "secret",
);

const CLOCK: Problem = {
  code: "clock_differs",
  meaning: "Azure's clock and the clock of this installation differ by more than fifteen minutes.",
  advice: "Whoever runs Latchkey must set the clock of its machine.",
  outcome: "unreachable",
};

const TOKEN_REFUSED = failed(
  "token_refused",
  "Microsoft Entra gave the application access, and the storage account does not take it.",
  "Check that the account belongs to this tenant, and that Microsoft Entra sign-in is not switched off for it.",
  "tenant_id",
);

const FIREWALL_OR_SAS =
  "Azure turns the request away: the storage account's firewall does not let this installation in, or the signature does not cover lists.";

const FIREWALL = failed(
  "access_refused",
  "Azure turns the request away: the storage account's firewall does not let this installation in.",
  "In the account under Networking, allow the address that this installation is seen under, or a private endpoint.",
);

const limited = (meaning: string, advice: string, field?: string): Problem => ({
  ...failed("permission_denied", meaning, advice, field),
  outcome: "degraded",
});

const MAY_NOT = limited(
  "Azure accepts the sign-in, but it may not list.",
  "If your workflows only read or write blobs by name, this is fine. Else give the application the role Storage Blob Data Reader or Contributor, or make a SAS with list permission (sp= with l).",
);

const SERVICE = limited(
  "The shared access signature is good, but not for blobs.",
  "Make one with the service Blob (ss= with b).",
  "secret",
);

const RESOURCE = limited(
  "The shared access signature is good, but not for this list.",
  "Make one with the resource types Service and Container (srt= with s and c), or enter the container it is for.",
  "container",
);

const NO_CONTAINER = failed(
  "container_unknown",
  "Azure accepts the sign-in, but the account has no container of this name.",
  "Check the container's name; or make it.",
  "container",
);

const NOT_STORAGE = failed(
  "unexpected_answer",
  "What answers at this address is no blob service of Azure.",
  "Check the account's name, or the blob service address.",
  "host",
);

const REDIRECTED = failed(
  "redirected",
  "The address sends its callers on to another one. A test does not follow: the secret is for this address only.",
  "Enter the account's own blob service address.",
  "host",
);

const unexpected = (status: number) =>
  failed(
    "unexpected_answer",
    `Azure answered with status ${status}, and a reason that is not known here.`,
    "Check account and container. If they are right, try again later.",
  );

const HTTPS = failed("https_required", "The storage account takes encrypted requests only.", "Use https://.", "host");

const BAD_TOKEN = failed(
  "token_refused",
  "The storage account does not understand or accept this way to sign in.",
  "Check the tenant: it must be the one that the storage account belongs to.",
  "secret",
);

const BY_CODE: Record<string, Problem> = {
  AuthorizationPermissionMismatch: MAY_NOT,
  InsufficientAccountPermissions: MAY_NOT,
  AuthorizationServiceMismatch: SERVICE,
  AuthorizationResourceTypeMismatch: RESOURCE,
  AuthorizationProtocolMismatch: HTTPS,
  AccountRequiresHttps: HTTPS,
  AuthorizationSourceIPMismatch: failed(
    "access_refused",
    "The shared access signature is for other addresses than the one that this installation is seen under.",
    "Make one without an address range (sip=), or with this installation's.",
    "secret",
  ),
  KeyBasedAuthenticationNotPermitted: failed(
    "key_access_disabled",
    "The storage account does not permit account keys, nor signatures made with them.",
    "Use an application (client credentials); or allow storage account key access under Configuration.",
  ),
  AccountIsDisabled: failed(
    "account_disabled",
    "The storage account is disabled.",
    "Look at the state of the account and its subscription in Azure.",
    "account_name",
  ),
  ContainerNotFound: NO_CONTAINER,
  ResourceNotFound: NO_CONTAINER,
  ContainerBeingDeleted: { ...NO_CONTAINER, code: "container_going", meaning: "The container is being deleted." },
  ContainerDisabled: { ...NO_CONTAINER, code: "container_going", meaning: "The container is disabled." },
  InvalidResourceName: NO_CONTAINER,
  InvalidAuthenticationInfo: BAD_TOKEN,
  NoAuthenticationInformation: BAD_TOKEN,
};
