import { litegraph } from "@/lib/http/litegraph";
import { credentials } from "../../../../kinds";
import { enumeration } from "../../../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v2.0/tenants/{tenant}/credentials",
  enumeration(credentials),
);
