import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { credentialFacets } from "@/lib/credentials";

export const GET = jsonQuery(z.strictObject({}), (actor) => credentialFacets(actor));
