import "server-only";
import type { AnyAuthMethod, KeyboardInteractiveAuthMethod, ParsedKey } from "ssh2";
import type { Problem } from "../test-run";
import {
  askedAgain,
  DIALOGUE_ENDLESS,
  DIALOGUE_UNASKED,
  FURTHER_FACTOR,
  KEY_FIRST,
  KEY_TOO,
  NO_KEYS,
  NO_PASSWORD,
  OPEN_QUESTION,
  PASSWORD_FIRST,
  PASSWORD_TOO,
  SEVERAL_QUESTIONS,
  SHA1_SIGNATURE,
  WRONG_KEY,
  wrongPassword,
} from "./refusals";
import { waysToSign } from "./signatures";

/** What a credential signs in with: a password, a key, or both, one after the other. */
export type SignInMeans = { password: string; key?: undefined } | { key: ParsedKey; password?: string };

interface Options {
  username: string;
  proof: SignInMeans;
  allowSha1: boolean;
  /** Ends the sign-in while the server waits for an answer that will not come. */
  onProblem: (problem: Problem) => void;
}

type Tried = "publickey" | "password" | "dialogue";

/** Rounds of one dialogue (RFC 4256 knows no end): one asks for the password, and honest servers add a word or two. */
const ROUNDS_MAX = 8;

/**
 * What is tried after what, by what the server answers (RFC 4252, section 5.1): the key first, then the password where the
 * server wants it too, or before the key. The password is told once: by its own method, or, where the server has that not,
 * in a dialogue that asks for exactly one hidden thing (RFC 4256). Texts of a dialogue are neither read nor kept.
 */
export class Attempts {
  private tried: Tried | undefined;
  /** The server took the other half before: it wants both. */
  private halfDone = false;
  private ways: ParsedKey[] = [];
  private signed = false;
  private told = false;
  private rounds = 0;

  constructor(private readonly options: Options) {}

  /** `accepts`: the methods that may go on, undefined before the server has said any. */
  next(accepts: readonly string[] | undefined, partial: boolean): AnyAuthMethod | Problem {
    const next = accepts ? this.after(accepts, partial) : this.first();
    return next ?? this.refusal(accepts ?? [], partial);
  }

  /** The server ends the connection because too much was refused: what that says of the last attempt. */
  refusalWhenCut(): Problem | undefined {
    return this.tried && this.refusal(["publickey", "password"], false);
  }

  /** Counts what the server says in a dialogue, questions or none. */
  countRound(): void {
    this.rounds += 1;
    if (this.rounds > ROUNDS_MAX) this.options.onProblem(DIALOGUE_ENDLESS);
  }

  private get proof(): SignInMeans {
    return this.options.proof;
  }

  private first(): AnyAuthMethod | undefined {
    // Asked again without an answer of the server, the key could not be used in the last way.
    if (this.tried) return this.byKey();
    return this.proof.key ? this.beginKey() : this.byPassword(["password"]);
  }

  private after(accepts: readonly string[], partial: boolean): AnyAuthMethod | undefined {
    const takesKey = accepts.includes("publickey");
    if (partial) {
      const isSecondHalf = this.halfDone;
      this.halfDone = true;
      if (isSecondHalf) return undefined;
      return this.tried === "publickey" ? this.byPassword(accepts) : takesKey ? this.beginKey() : undefined;
    }
    if (this.tried === "publickey") {
      if (takesKey) return this.signed ? undefined : this.byKey();
      return this.halfDone ? undefined : this.byPassword(accepts);
    }
    const isDialogueLeft = this.tried === "password" && !accepts.includes("password");
    return isDialogueLeft ? this.byPassword(accepts) : undefined;
  }

  private refusal(accepts: readonly string[], partial: boolean): Problem {
    const takesKey = accepts.includes("publickey");
    const takesPassword = accepts.includes("password");
    const lacksPassword =
      (takesPassword || accepts.includes("keyboard-interactive")) && this.proof.password === undefined;
    if (partial) {
      if (this.tried !== "publickey") return takesKey && !this.proof.key ? KEY_TOO : FURTHER_FACTOR;
      return lacksPassword ? PASSWORD_TOO : FURTHER_FACTOR;
    }
    if (this.tried === "publickey") {
      if (takesKey || accepts.length === 0) return WRONG_KEY;
      return lacksPassword ? PASSWORD_FIRST : NO_KEYS;
    }
    if (this.tried === "dialogue") return this.told ? wrongPassword("dialogue", this.halfDone) : DIALOGUE_UNASKED;
    if (takesPassword) return wrongPassword("password", this.halfDone);
    return takesKey && !this.proof.key ? KEY_FIRST : NO_PASSWORD;
  }

  private beginKey(): AnyAuthMethod | undefined {
    const { key } = this.proof;
    if (!key) return undefined;
    this.signed = false;
    this.ways = waysToSign(key, {
      allowSha1: this.options.allowSha1,
      onSha1: () => this.options.onProblem(SHA1_SIGNATURE),
      onSign: () => {
        this.signed = true;
      },
    });
    return this.byKey();
  }

  private byKey(): AnyAuthMethod | undefined {
    const key = this.ways.shift();
    if (!key) return undefined;
    this.tried = "publickey";
    return { type: "publickey", username: this.options.username, key };
  }

  private byPassword(accepts: readonly string[]): AnyAuthMethod | undefined {
    const { password } = this.proof;
    if (password === undefined) return undefined;
    if (accepts.includes("password")) {
      this.tried = "password";
      return { type: "password", username: this.options.username, password };
    }
    if (!accepts.includes("keyboard-interactive")) return undefined;
    this.tried = "dialogue";
    return this.dialogue(password);
  }

  private dialogue(password: string): KeyboardInteractiveAuthMethod {
    return {
      type: "keyboard-interactive",
      username: this.options.username,
      prompt: (_name, _instructions, _language, questions, answer) => {
        const [question] = questions;
        if (questions.length > 1) return this.options.onProblem(SEVERAL_QUESTIONS);
        if (question?.echo) return this.options.onProblem(OPEN_QUESTION);
        if (this.told) return this.options.onProblem(askedAgain(this.halfDone));
        this.told = question !== undefined;
        answer(question ? [password] : []);
      },
    };
  }
}
