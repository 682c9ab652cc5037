import { litegraph } from "@/lib/api/http/litegraph";
import { credentialPages } from "@/lib/api/wire/litegraph/operations/credentials";
import { credentials } from "../../../../kinds";
import { enumeration } from "../../../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(credentialPages, enumeration(credentials));
