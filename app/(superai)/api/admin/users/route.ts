import { superai } from "@/lib/api/http/superai";
import { newUser } from "@/lib/api/wire/superai/administration";
import { users } from "@/lib/api/wire/superai/operations/administration";
import { makeUser } from "./make-user";

/** Makes a person of the organisation that the body names, else of one's own. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(users, {
  POST: async (call) => makeUser(call, newUser(await call.json())),
});
