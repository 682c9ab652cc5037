import { z } from "zod";
import { credentialUsage } from "@/lib/credentials";
import { feed } from "@/lib/http/feed";

const DAYS = 30;

export const GET = feed(z.strictObject({ id: z.string() }), (actor, { id }) => credentialUsage(actor, id, DAYS));
