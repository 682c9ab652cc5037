import { litegraph } from "@/lib/http/litegraph";
import { users } from "../../../../kinds";
import { enumeration } from "../../../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v2.0/tenants/{tenant}/users",
  enumeration(users),
);
