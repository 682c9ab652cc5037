import { z } from "zod";
import { waitingRequests } from "@/lib/access";
import { jsonQuery } from "@/lib/api/http/json-endpoints";

export const GET = jsonQuery(z.strictObject({}), waitingRequests);
