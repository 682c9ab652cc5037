import "server-only";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import { StepError } from "../test-run";
import { hostKeyTypes } from "./algorithms";
import { typesToAsk } from "./host-key";
import { hostKeyMismatch } from "./problems";
import { OtherHostKey, type SignIn, SshSession } from "./session";

/**
 * A session with a server that has one of the remembered keys. A server shows one key for each connection, of the type that
 * is asked for; so where it shows another one than is remembered, it is asked again for a key of a type that it has not
 * shown, until it has shown them all.
 */
export class PinnedSession {
  private session: SshSession | undefined;

  constructor(
    private readonly stream: OpenStream,
    private readonly signIn: SignIn,
    private readonly reachAgain: () => Promise<{ stream: OpenStream }>,
  ) {}

  /** @throws StepFailure naming every key that was shown, when none is a remembered one */
  async open(): Promise<SshSession> {
    const seen: string[] = [];
    for (let stream = this.stream; ; { stream } = await this.reachAgain()) {
      const unwanted = seen.map((key) => key.split(" ", 1)[0] ?? "");
      const session = new SshSession(stream, { ...this.signIn, unwanted });
      this.session = session;
      session.start();
      const problem: unknown = await session.hostKey.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (problem === undefined) return session;
      session.close();
      const other = problem instanceof OtherHostKey ? problem.seen : undefined;
      // Asked for a further type, the server may well have none.
      if (other === undefined) throw seen.length > 0 ? new StepError(hostKeyMismatch(seen)) : problem;
      seen.push(other);
      const types = seen.map((key) => key.split(" ", 1)[0] ?? "");
      const isRepeated = types.length !== new Set(types).size;
      if (isRepeated || typesToAsk(this.signIn.pin ?? "", hostKeyTypes, types).length === 0)
        throw new StepError(hostKeyMismatch(seen));
    }
  }

  close(): void {
    this.session?.close();
    this.stream.destroy();
  }
}
