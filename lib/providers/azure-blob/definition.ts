import { type CredentialData, defineProvider, type Method } from "../define";
import { applicationFields, exampleApplication, signsInAsItself } from "../microsoft-application";
import { pasteServicePrincipal } from "../service-principal";
import { accountKey, checkBlobFields, connectionString, container, placeFields, sasToken, sasUrl } from "./fields";
import { pasteConnectionString, pasteSharedAccess } from "./paste";
import { accessEnd, targetOf } from "./target";

/** The same in every cloud of Azure's. */
const STORAGE_SCOPE = "https://storage.azure.com/.default";

const common: Pick<Method, "check" | "summary" | "publicFacts" | "destination" | "obtainedBy" | "testable"> = {
  check: checkBlobFields,
  summary,
  publicFacts,
  destination: (data) => JSON.stringify([targetOf(data)?.endpoint, targetOf(data)?.account]),
  obtainedBy: "values",
  testable: true,
};

const examplePlace = { account_name: "exampleaccount", container: "invoices" };

export const definition = defineProvider({
  id: "azure_blob",
  label: "Azure Blob Storage",
  description: "Files in containers of an Azure storage account.",
  category: "storage",
  aliases: ["azure", "blob", "microsoft", "storage account", "container", "sas", "data lake", "adls"],
  docs: "https://learn.microsoft.com/azure/storage/blobs/storage-blobs-introduction",
  methods: [
    {
      ...common,
      type: "api_key",
      label: "Account key",
      help: "Opens everything in the account. Where less will do, use a SAS or an application.",
      fields: {
        ...placeFields("connection_string"),
        account_key: accountKey,
        container,
        connection_string: connectionString,
      },
      example: { ...examplePlace, account_key: "ZXhhbXBsZS1hY2NvdW50LWtleQ==" },
      paste: pasteConnectionString,
      tokenExpiresAt: accessEnd,
    },
    {
      ...common,
      type: "shared_access_signature",
      label: "Shared access signature (SAS)",
      help: "Opens what it was made for, until its end. List permission (l) is what its test needs.",
      fields: { ...placeFields("sas_url"), sas_token: sasToken, container, sas_url: sasUrl },
      example: { ...examplePlace, sas_token: "sv=2024-11-04&sr=c&sp=rl&se=2030-01-31T12:00:00Z&sig=ZXhhbXBsZQ%3D%3D" },
      normalise: withoutQuestionMark,
      paste: pasteSharedAccess,
      tokenExpiresAt: accessEnd,
    },
    {
      ...common,
      type: "client_credentials",
      label: "Application",
      help: "Register an application in Microsoft Entra and give it a role such as Storage Blob Data Reader.",
      fields: { ...placeFields(), ...applicationFields, container },
      example: { ...examplePlace, ...exampleApplication },
      paste: pasteServicePrincipal,
      ...signsInAsItself(STORAGE_SCOPE),
    },
  ],
});

/** "exampleaccount.blob.core.windows.net/invoices, application 1111…". */
function summary(data: CredentialData): string {
  const target = targetOf(data);
  if (!target) return "Azure Blob Storage";
  const place = target.endpoint.replace(/^https:\/\//, "");
  const where = target.container === undefined ? place : `${place}/${target.container}`;
  return data.client_id === undefined ? where : `${where} as application ${data.client_id}`;
}

/** What an address or a string of settings names, and what a signature says of itself, for people. */
function publicFacts(data: CredentialData): CredentialData {
  const target = targetOf(data);
  if (!target) return {};
  const { endpoint, account, access } = target;
  const isHidden = data.connection_string !== undefined || data.sas_url !== undefined;
  return {
    ...(isHidden && { endpoint, ...(account !== undefined && { account_name: account }) }),
    ...(access.by === "sas" && access.sas.permissions !== undefined && { permissions: access.sas.permissions }),
  };
}

function withoutQuestionMark(data: CredentialData): CredentialData {
  return data.sas_token === undefined ? data : { ...data, sas_token: String(data.sas_token).replace(/^\?/, "") };
}
