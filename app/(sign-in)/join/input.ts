import { z } from "zod";

const secret = z.string().max(200);

export const LinkInput = z.strictObject({ secret });
export const AcceptInput = z.strictObject({ secret, password: z.string().max(1_024) });
