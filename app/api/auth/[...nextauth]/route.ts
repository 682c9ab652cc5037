import { authEndpoint } from "@/lib/http/session";

export { authEndpoint as GET, authEndpoint as POST };
