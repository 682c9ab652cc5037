import { buildConsole, buildServer } from "../deploy/build.mjs";

/** What the tests' products serve, built once before several of them start beside each other. */
export default async function build(): Promise<void> {
  await buildServer();
  await buildConsole();
}
