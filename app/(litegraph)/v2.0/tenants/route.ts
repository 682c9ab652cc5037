import { litegraph } from "@/lib/api/http/litegraph";
import { tenantPages } from "@/lib/api/wire/litegraph/operations/tenants";
import { tenants } from "../../kinds";
import { enumeration } from "../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(tenantPages, enumeration(tenants));
