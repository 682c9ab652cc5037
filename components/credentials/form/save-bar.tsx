"use client";

import { CircleCheck, CircleDashed, Minus, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { useNow } from "@/components/ui/time";
import { ago } from "@/components/ui/time-words";
import { outcomeWords } from "../words";
import { type Freshness, passed } from "./use-tested";

interface Props {
  /** Undefined for what cannot be tested. */
  freshness: Freshness | undefined;
  /** In an edit: no value differs from what is stored. */
  unchanged?: boolean;
  /** The organisation saves only what passed its test. */
  mustTest: boolean;
  busy: boolean;
  back: string;
}

/** Always in view: whether these very values were tested, and the way to save them. */
export function SaveBar({ freshness, unchanged = false, mustTest, busy, back }: Props) {
  const testFirst = mustTest && freshness !== undefined && !(freshness.state === "fresh" && passed(freshness.outcome));
  return (
    <div className="sticky bottom-0 z-10 -mx-4 mt-5 -mb-5 flex flex-wrap items-center justify-end gap-x-4 gap-y-2 border-line border-t bg-page/95 px-4 py-3 backdrop-blur md:-mx-6 md:px-6">
      <p role="status" className="mr-auto flex min-w-0 items-center gap-1.5 text-sm max-sm:basis-full">
        {!freshness ? (
          <>
            <Minus aria-hidden className="size-4 text-soft" /> Cannot be tested
          </>
        ) : unchanged && freshness.state === "none" ? (
          "No value changed"
        ) : (
          <Tested freshness={freshness} />
        )}
      </p>
      <Button asChild>
        <Link href={back}>Cancel</Link>
      </Button>
      <Button variant="primary" type="submit" busy={busy}>
        {testFirst ? "Test and save" : "Save"}
      </Button>
    </div>
  );
}

function Tested({ freshness }: { freshness: Freshness }) {
  const now = useNow();
  if (freshness.state === "fresh") {
    const { sentence, tone } = outcomeWords[freshness.outcome];
    const Icon = passed(freshness.outcome) ? CircleCheck : TriangleAlert;
    return (
      <>
        <Icon
          aria-hidden
          className={tone === "good" ? "size-4 text-good" : tone === "bad" ? "size-4 text-bad" : "size-4 text-warn"}
        />
        Tested {ago(new Date(freshness.at).toISOString(), now)}: {sentence.charAt(0).toLowerCase() + sentence.slice(1)}
      </>
    );
  }
  const words = {
    none: "Not tested",
    changed: "Changed since the test",
    old: "Tested more than ten minutes ago: test again",
  };
  return (
    <>
      <CircleDashed aria-hidden className="size-4 text-soft" />
      {words[freshness.state]}
    </>
  );
}
