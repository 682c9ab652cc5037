import { z } from "zod";
import { organizationsShape } from "@/components/organizations/organizations-query";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { pageOfOrganizations } from "../organizations-page";

const Query = z.strictObject({ ...organizationsShape, after: z.uuid().optional() });

export const GET = jsonQuery(Query, pageOfOrganizations);
