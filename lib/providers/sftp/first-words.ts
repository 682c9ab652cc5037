import "server-only";
import type { OpenStream } from "@/lib/platform/net/open-stream";

/** More than a line that turns somebody away; what goes on beyond it is no such line. */
const KEPT_MAX = 512;

/**
 * What a server says first. Before it names its protocol, an SSH server may say lines of its own (RFC 4253, section 4.2), and
 * one that takes no connection just now says so and hangs up. The text is judged here and goes nowhere.
 */
export class FirstWords {
  private text = "";

  constructor(stream: OpenStream) {
    const hear = (chunk: Buffer) => {
      this.text += chunk.toString("latin1", 0, KEPT_MAX + 1);
      if (this.text.length > KEPT_MAX) stream.off("data", hear);
    };
    stream.on("data", hear);
  }

  /** It has named SSH as its protocol, in a version that we speak too. */
  get namesSsh(): boolean {
    return /^SSH-(?:2\.0|1\.99)-/m.test(this.text);
  }

  /** It spoke as a server that is busy, or turns an address away for a while, and as no other protocol. */
  get turnsAway(): boolean {
    return this.text.length <= KEPT_MAX && !this.namesSsh && !OTHER_PROTOCOL.test(this.text) && AWAY.test(this.text);
  }
}

/** FTP and its kin begin with a number of three digits, HTTP with its name. */
const OTHER_PROTOCOL = /^(?:\d{3}[ -]|HTTP\/|RTSP\/)/;

/** OpenSSH's two lines, and what else servers, wrappers and gateways are known to say in their place. */
const AWAY = new RegExp(
  [
    "exceeded maxstartups",
    "not allowed at this time",
    "too many (?:open |concurrent |simultaneous )?(?:connections|users|sessions|clients|log-?ins|attempts)",
    "(?:max(?:imum)?|limit)[a-z ]{0,30}(?:connections|sessions|users|clients)[a-z ]{0,30}(?:reached|exceeded)",
    "(?:connection|session)s? limit",
    "(?:try|connect) again (?:later|in )",
    "temporar(?:ily|y) (?:unavailable|blocked|banned|refused|disabled|locked)",
    "(?:server|service|system) (?:is )?(?:too )?(?:busy|overloaded|shutting down)",
    "connection refused",
  ].join("|"),
  "i",
);
