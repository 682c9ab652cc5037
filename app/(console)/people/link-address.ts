import "server-only";
import type { OneTimeLink } from "@/components/people/people-actions";
import { publicAddress } from "@/lib/http/public-address";
import type { Link } from "@/lib/people";

/** The secret stands in the fragment: a browser keeps that to itself, so no server, proxy or log ever sees it. */
export const asAddress = ({ secret, ...link }: Link): OneTimeLink => ({
  ...link,
  address: publicAddress(`/join#${secret}`),
});
