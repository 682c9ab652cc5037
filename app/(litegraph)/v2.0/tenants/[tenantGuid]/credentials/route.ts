import { litegraph } from "@/lib/http/litegraph";
import { credentialPages } from "@/lib/wire/litegraph/operations/credentials";
import { credentials } from "../../../../kinds";
import { enumeration } from "../../../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(credentialPages, enumeration(credentials));
