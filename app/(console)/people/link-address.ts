import "server-only";
import type { OneTimeLink } from "@/components/people/people-actions";
import { publicAddress } from "@/lib/api/http/public-address";
import type { IssuedLink } from "@/lib/identity";

/** The secret stands in the fragment: a browser keeps that to itself, so no server, proxy or log ever sees it. */
export const asAddress = ({ secret, ...link }: IssuedLink): OneTimeLink => ({
  ...link,
  address: publicAddress(`/join#${secret}`),
});
