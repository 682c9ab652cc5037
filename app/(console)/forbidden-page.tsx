import { ShieldX } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

/** For a page that one's role does not open. What it would have done is refused by the server all the same. */
export const forbidden = (why: string) => (
  <>
    <h1 className="sr-only">Not for your role</h1>
    <Empty
      icon={ShieldX}
      title="Not for your role"
      actions={
        <Button asChild>
          <Link href="/credentials">To the credentials</Link>
        </Button>
      }
    >
      {why} Ask an administrator of your organisation if you need this.
    </Empty>
  </>
);
