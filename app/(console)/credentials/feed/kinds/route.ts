import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { ownListings } from "@/lib/own-kinds";

export const GET = jsonQuery(z.strictObject({}), (actor) => ownListings(actor));
