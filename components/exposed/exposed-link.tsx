import { ShieldAlert } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import type { ExposedQuestion } from "./exposed-actions";

/** The page of what somebody knows. */
export const exposedAddress = (asked: ExposedQuestion): string => {
  const params = Object.entries(asked).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `/audit/exposed?${new URLSearchParams(params)}`;
};

export const ExposedLink = ({ asked, words }: { asked: ExposedQuestion; words: string }) => (
  <Button asChild>
    <Link href={exposedAddress(asked)}>
      <ShieldAlert aria-hidden /> {words}
    </Link>
  </Button>
);
