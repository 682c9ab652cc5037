import { superai } from "@/lib/http/superai";
import { newUser } from "@/lib/wire/superai/administration";
import { users } from "@/lib/wire/superai/operations/administration";
import { makeUser } from "./make-user";

/** Makes a person of the organisation that the body names, else of one's own. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(users, {
  POST: async (call) => makeUser(call, newUser(await call.json())),
});
