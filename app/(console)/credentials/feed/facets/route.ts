import { z } from "zod";
import { credentialFacets } from "@/lib/credentials";
import { feed } from "@/lib/http/feed";

export const GET = feed(z.strictObject({}), (actor) => credentialFacets(actor));
