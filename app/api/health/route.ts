import { statement } from "@/lib/db";
import { ready } from "@/lib/ready";

export const dynamic = "force-dynamic";

/** Live as long as it answers; ready when keys and database are. Says no more than that to strangers. */
export async function GET(): Promise<Response> {
  const headers = { "Cache-Control": "no-store" };
  try {
    await ready();
    await statement("health", "SELECT 1", []);
    return Response.json({ live: true, ready: true }, { headers });
  } catch {
    return Response.json({ live: true, ready: false }, { status: 503, headers: { ...headers, "Retry-After": "2" } });
  }
}
