import { z } from "zod";

/** What the form asks; the length of the password is judged again where it is hashed. */
export const SetUpFields = z.object({
  organization: z.string().trim().min(1, "Enter the name of your organisation").max(200, "At most 200 characters"),
  name: z.string().trim().min(1, "Enter your name").max(200, "At most 200 characters"),
  email: z.email("Enter an e-mail address, such as ana@example.com").max(254, "At most 254 characters"),
  password: z.string().min(12, "At least 12 characters").max(256, "At most 256 characters"),
});

export const SetUpInput = SetUpFields.extend({ token: z.string().max(200) });
