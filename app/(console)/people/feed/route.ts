import { z } from "zod";
import { peopleShape } from "@/components/people/people-query";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { pageOfPeople } from "../people-page";

const Query = z.strictObject({ ...peopleShape, after: z.uuid().optional(), organization: z.uuid().optional() });

export const GET = jsonQuery(Query, pageOfPeople);
