import type { FieldProblem } from "@/lib/platform/refusal";
import { type CredentialData, type Field, headerText, secret, text } from "../define";
import { isAccountKey, readConnectionString } from "./connection-string";
import { ACCOUNT, CONTAINER, readPlace } from "./endpoint";
import { ONE_BLOB } from "./paste";
import { readSharedAccess } from "./sas";

const KEYS = "https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage";
const SAS = "https://learn.microsoft.com/azure/storage/common/storage-sas-overview";
const STRINGS = "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string";

/** Where the blobs are. `unless` names the field that says all of it in one. */
export const placeFields = (unless?: string) => ({
  account_name: text({
    label: "Storage account",
    placeholder: "exampleaccount",
    destination: true,
    aliases: ["storage_account"],
    pattern: { test: ACCOUNT, message: "Must be the account's name: 3 to 24 small letters and digits" },
    ...(unless !== undefined && { unless }),
  }),
  endpoint: text({
    label: "Blob service address",
    help: "Only for another cloud than Azure's public one, or an address of your own.",
    placeholder: "https://exampleaccount.blob.core.usgovcloudapi.net",
    docs: STRINGS,
    optional: true,
    advanced: true,
    destination: true,
    ...(unless !== undefined && { unless }),
  }),
});

export const container = text({
  label: "Container",
  help: "The test looks into it. Without one it asks for the account's list of containers.",
  placeholder: "invoices",
  optional: true,
  aliases: ["container_name"],
  pattern: { test: CONTAINER, message: "Must be a container's name: 3 to 63 small letters, digits and single dashes" },
});

export const accountKey: Field = secret({
  label: "Account key",
  help: "Key 1 or key 2 of the storage account, under Access keys. It opens everything in the account.",
  docs: KEYS,
  max: 512,
  pattern: headerText,
  unless: "connection_string",
});

export const connectionString: Field = secret({
  label: "Connection string",
  help: "Instead of the fields above, which are then ignored.",
  placeholder: "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…",
  docs: STRINGS,
  optional: true,
  advanced: true,
});

export const sasToken: Field = secret({
  label: "SAS token",
  help: "The part of the address behind the ?, from sv= to sig=.",
  placeholder: "sv=…&se=…&sp=rl&sig=…",
  docs: SAS,
  pattern: headerText,
  unless: "sas_url",
});

export const sasUrl: Field = secret({
  label: "SAS URL",
  help: "Instead of account and token, which are then ignored: the address of the account or a container with its token.",
  placeholder: "https://exampleaccount.blob.core.windows.net/invoices?sv=…&sig=…",
  docs: SAS,
  optional: true,
  advanced: true,
  pattern: headerText,
});

const problem = (name: string, message: string): FieldProblem[] => [{ path: [name], message, code: "value_error" }];

/** Judges what has a form of its own, for every way to sign in: each looks at the fields that it has. */
export function checkBlobFields(data: CredentialData): FieldProblem[] {
  const { connection_string, account_key, sas_token, sas_url, endpoint } = data;
  if (connection_string !== undefined) {
    const read = readConnectionString(String(connection_string));
    return read.ok ? [] : problem("connection_string", read.problem);
  }
  return [
    ...(endpoint === undefined || isServiceAddress(String(endpoint))
      ? []
      : problem(
          "endpoint",
          "Must be an address such as https://account.blob.core.windows.net, without anything behind",
        )),
    ...(account_key === undefined || isAccountKey(String(account_key))
      ? []
      : problem("account_key", "Must be the key as Azure shows it, in base64")),
    ...(sas_token === undefined || readSharedAccess(String(sas_token))
      ? []
      : problem("sas_token", "Must be a whole token, from sv= to sig=")),
    ...(sas_url === undefined ? [] : urlProblem(String(sas_url), data.container)),
  ];
}

function isServiceAddress(address: string): boolean {
  const place = readPlace(address);
  return place !== undefined && place.path.length === 0 && place.query === "" && !address.includes("?");
}

function urlProblem(address: string, container: unknown): FieldProblem[] {
  const place = readPlace(address);
  if (!place || !readSharedAccess(place.query)) {
    return problem("sas_url", "Must be an address with a whole shared access signature behind it, from sv= to sig=");
  }
  const [named, ...deeper] = place.path;
  if (deeper.length > 0) return problem("sas_url", ONE_BLOB);
  if (named !== undefined && !CONTAINER.test(named)) return problem("sas_url", "Must name a container, or none");
  const differs = named !== undefined && container !== undefined && named !== container;
  return differs ? problem("container", "Is another one than the SAS URL names") : [];
}
