/** Next calls this once, at the start of the console's process. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { followConsole } = await import("@/lib/observability/console");
  await followConsole();
}
