import "server-only";
import { publicAddress } from "@/lib/api/http/public-address";

/** Where a program gets a credential's plain values. */
export const fetchAddress = (id: string): string => publicAddress(`/api/integrations/credentials/${id}/credentials`);
