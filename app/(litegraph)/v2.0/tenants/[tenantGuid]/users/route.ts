import { litegraph } from "@/lib/api/http/litegraph";
import { userPages } from "@/lib/api/wire/litegraph/operations/users";
import { users } from "../../../../kinds";
import { enumeration } from "../../../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(userPages, enumeration(users));
