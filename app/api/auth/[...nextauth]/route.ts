import { authEndpoint } from "@/lib/api/http/session";

export { authEndpoint as GET, authEndpoint as POST };
