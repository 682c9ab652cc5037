import ConsoleLayout from "@/app/(console)/layout";
import ConsoleNotFound from "@/app/(console)/not-found";
import NotFound from "@/app/not-found";
import { consoleVisitor } from "@/lib/api/http/console";

/** Who is signed in keeps the frame, and can go elsewhere. */
export default async function NotFoundHere() {
  if (!(await consoleVisitor())) return <NotFound />;
  return (
    <ConsoleLayout>
      <ConsoleNotFound />
    </ConsoleLayout>
  );
}
