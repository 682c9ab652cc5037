import { z } from "zod";
import { getCredential } from "@/lib/credentials";
import { feed } from "@/lib/http/feed";

export const GET = feed(z.strictObject({ id: z.string() }), (actor, { id }) => getCredential(actor, id));
