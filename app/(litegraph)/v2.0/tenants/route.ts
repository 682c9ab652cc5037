import { litegraph } from "@/lib/http/litegraph";
import { tenantPages } from "@/lib/wire/litegraph/operations/tenants";
import { tenants } from "../../kinds";
import { enumeration } from "../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(tenantPages, enumeration(tenants));
