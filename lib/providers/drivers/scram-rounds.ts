import "server-only";

/** Computing for about half a second; servers ask for some ten thousand. */
const ROUNDS_MAX = 1_000_000;

const [LETTER, EQUALS, ZERO, NINE] = [..."i=09"].map((sign) => sign.charCodeAt(0)) as [number, number, number, number];
/** What a number may begin with in the eyes of the driver: blanks and a plus sign. */
const isLead = (byte: number) => byte <= 0x20 || byte >= 0x80 || byte === 0x2b;

/**
 * Reads along what a server says to a driver that grants any number of rounds of SCRAM ("i=…"), however it is cut into
 * pieces. Words that only look like one count as well: nothing else that a server says holds so long a number there.
 */
export class ScramRounds {
  private at: "elsewhere" | "letter" | "number" = "elsewhere";
  private rounds = 0;

  /** Whether the server has asked for more than is granted. */
  areTooMany(chunk: Buffer): boolean {
    return chunk.some((byte) => this.read(byte));
  }

  private read(byte: number): boolean {
    if (this.at === "number" && byte >= ZERO && byte <= NINE) {
      this.rounds = this.rounds * 10 + byte - ZERO;
      return this.rounds > ROUNDS_MAX;
    }
    if (this.at === "number" && this.rounds === 0 && isLead(byte)) return false;
    this.rounds = 0;
    if (this.at === "letter" && byte === EQUALS) this.at = "number";
    else this.at = byte === LETTER ? "letter" : "elsewhere";
    return false;
  }
}
