import "server-only";
import type { Problem } from "../test-run";

/** Why a server did not let this user in, in fixed words. */

export const SHA1_SIGNATURE: Problem = {
  code: "no_common_algorithm",
  meaning:
    "The server knows this key, but accepts only a signature that is no longer considered safe (ssh-rsa, with SHA-1).",
  advice:
    "Use an Ed25519 key, or let the server accept rsa-sha2-256 or rsa-sha2-512. If both are impossible, whoever runs Latchkey can set SSH_LEGACY_ALGORITHMS=true.",
  field: "private_key",
  outcome: "failed",
};

/** `afterKey`: the key was accepted before. */
export const wrongPassword = (asked: "password" | "dialogue", afterKey: boolean): Problem => ({
  code: "wrong_credentials",
  meaning: afterKey
    ? "The server accepted the key, and refused the password that it wants as well."
    : "The server refused this user name and password.",
  advice:
    asked === "dialogue"
      ? "Check them. The server asked in a dialogue (keyboard-interactive): it may also have wanted a one-time code, which a program cannot give."
      : afterKey
        ? "Check the password. A server does not say whether the account is locked."
        : "Check both. A server does not say which of the two is wrong, nor whether the account is locked.",
  field: "password",
  outcome: "failed",
});

export const WRONG_KEY: Problem = {
  code: "wrong_credentials",
  meaning: "The server refused this user name and key.",
  advice:
    "Check the user name, that the key's public half is in that user's authorized_keys, and that the server takes keys of its type.",
  field: "private_key",
  outcome: "failed",
};

const further = (meaning: string, advice: string, field?: string): Problem => ({
  code: "further_factor_required",
  meaning,
  advice,
  ...(field && { field }),
  outcome: "failed",
});

const ONE_THAT_WORKS = "Use an account that signs in with a password, a private key, or both.";

export const FURTHER_FACTOR = further(
  "The server accepted this, and asks for a further factor, which a program cannot give.",
  ONE_THAT_WORKS,
);

export const PASSWORD_TOO = further(
  "The server accepted the key, and wants the user's password as well: both are needed.",
  "Enter the password too. If what the server asks for is a one-time code, a program cannot give it: use an account that signs in without.",
  "password",
);

export const KEY_TOO = further(
  "The server accepted the password, and wants a private key as well: both are needed.",
  "Choose “Private key”, and enter the key and the password there.",
);

export const SEVERAL_QUESTIONS = further(
  "The server asks several questions in a dialogue (keyboard-interactive), such as for a one-time code, which a program cannot answer.",
  ONE_THAT_WORKS,
);

export const OPEN_QUESTION = further(
  "The server asks in a dialogue (keyboard-interactive) for something that is no password, such as a one-time code, which a program cannot answer.",
  ONE_THAT_WORKS,
);

export const askedAgain = (afterKey: boolean) =>
  further(
    `After ${afterKey ? "the key and the password" : "the password"} the server asks a further question in its dialogue (keyboard-interactive): for a one-time code, which a program cannot give, or once more for the password, because it was wrong.`,
    `Check the password. ${ONE_THAT_WORKS}`,
    "password",
  );

const noMethod = (meaning: string, advice: string, field: string): Problem => ({
  code: "method_not_accepted",
  meaning,
  advice,
  field,
  outcome: "failed",
});

export const NO_KEYS = noMethod(
  "The server does not let this user sign in with a key.",
  "Allow public keys on the server, or use a password.",
  "username",
);

export const NO_PASSWORD = noMethod(
  "The server does not let this user sign in with a password.",
  "Allow password sign-in on the server, or use a private key.",
  "password",
);

/** Servers tell what comes second only to whoever has passed the first. */
export const KEY_FIRST = noMethod(
  "The server wants a private key from this user: instead of the password, or before it, which it does not say.",
  "Choose “Private key”. If the server wants both, enter the password there too.",
  "password",
);

export const PASSWORD_FIRST = noMethod(
  "The server wants the user's password: instead of the key, or before it, which it does not say.",
  "Enter the password as well; or, if the server takes no key at all, choose “User name and password”.",
  "password",
);

export const DIALOGUE_UNASKED = noMethod(
  "The server takes passwords only in a dialogue (keyboard-interactive), and ended that without asking for one.",
  "Allow password sign-in on the server, or use a private key.",
  "password",
);

export const DIALOGUE_ENDLESS: Problem = {
  code: "dialogue_endless",
  meaning: "The server keeps up a dialogue (keyboard-interactive) that does not end.",
  advice: "Check host and port, and the server's own log at this time.",
  field: "host",
  outcome: "failed",
};

export const PASSWORD_EXPIRED: Problem = {
  code: "password_expired",
  meaning: "The password is right but expired: the server asks for a new one.",
  advice: "Change the password on the server, then enter the new one here.",
  field: "password",
  outcome: "failed",
};
