import { z } from "zod";
import { organizationsShape } from "@/components/organizations/organizations-query";
import { feed } from "@/lib/http/feed";
import { pageOfOrganizations } from "../organizations-page";

const Query = z.strictObject({ ...organizationsShape, after: z.uuid().optional() });

export const GET = feed(Query, pageOfOrganizations);
