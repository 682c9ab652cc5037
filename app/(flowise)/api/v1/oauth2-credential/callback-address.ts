import { publicAddress } from "@/lib/api/http/public-address";

/** Where providers send browsers back to for this door; to be registered there letter for letter. */
export const callbackAddress = (): string => publicAddress("/api/v1/oauth2-credential/callback");
