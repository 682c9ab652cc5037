import { z } from "zod";
import { credentialRotation } from "@/lib/credentials";
import { feed } from "@/lib/http/feed";

export const GET = feed(z.strictObject({ id: z.string() }), (actor, { id }) => credentialRotation(actor, id));
