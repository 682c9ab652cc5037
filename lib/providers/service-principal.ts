import type { PasteResult } from "./define";
import { pastedFields } from "./placeholder";
import { fieldsIn, plainName, settingsIn } from "./settings";

/** By its names in small letters, without the marks between words and without AZURE_, ARM_ or TF_VAR_ in front. */
const FIELDS: Record<string, string> = {
  tenant: "tenant_id",
  tenantid: "tenant_id",
  directorytenantid: "tenant_id",
  appid: "client_id",
  clientid: "client_id",
  applicationid: "client_id",
  applicationclientid: "client_id",
  password: "client_secret",
  clientsecret: "client_secret",
  clientsecretvalue: "client_secret",
};

/**
 * Reads the JSON that `az ad sp create-for-rbac` prints (appId, password, tenant), the lines of a settings file
 * (AZURE_TENANT_ID=…) and those of the application's page in Entra.
 */
export function pasteServicePrincipal(text: string): PasteResult {
  const settings = settingsIn(text);
  if (settings === undefined) return refuse("Must be the whole JSON that az ad sp create-for-rbac prints, from { to }");
  const found = fieldsIn(settings, (name) => FIELDS[plainName(name).replace(/^(?:azure|arm|tfvar)/, "")]);
  if (found === undefined) return refuse("Must describe one application; copy the lines that are meant");
  if (Object.keys(found).length === 0) {
    return refuse("Must have one of the names tenant, appId and password, in JSON or lines such as AZURE_TENANT_ID=…");
  }
  return pastedFields(found, "text");
}

const refuse = (problem: string): PasteResult => ({ ok: false, problem });
