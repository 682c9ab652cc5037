import { z } from "zod";
import { credentialTests } from "@/lib/credentials";
import { feed } from "@/lib/http/feed";

export const GET = feed(z.strictObject({ id: z.string() }), (actor, { id }) => credentialTests(actor, id));
