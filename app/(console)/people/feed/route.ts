import { z } from "zod";
import { peopleShape } from "@/components/people/people-query";
import { feed } from "@/lib/http/feed";
import { pageOfPeople } from "../people-page";

const Query = z.strictObject({ ...peopleShape, after: z.uuid().optional(), organization: z.uuid().optional() });

export const GET = feed(Query, pageOfPeople);
