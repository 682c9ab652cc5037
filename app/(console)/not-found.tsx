import { SearchX } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** Keeps the frame: one can go elsewhere. */
export default function ConsoleNotFound() {
  return (
    <>
      <h1 className="sr-only">Nothing here</h1>
      <Empty
        icon={SearchX}
        title="Nothing here"
        actions={
          <Button asChild>
            <Link href="/credentials">To the credentials</Link>
          </Button>
        }
      >
        This page does not exist, or what it showed was deleted, or it belongs to another organisation.
      </Empty>
    </>
  );
}
