import type { RotationView } from "@/lib/vocabulary/credential-view";

interface StatusLabel {
  tone: "info" | "good" | "warn";
  title: string;
  next: string;
}

/** How a rotation stands, for people: what happened, and what to do next. */
export function statusLabel({ kind, state, reason }: RotationView): StatusLabel {
  const words = WORDS[kind];
  if (state === "unsettled" && reason === "neither_works") {
    return {
      tone: "warn",
      title: `The server takes neither the old ${kind} nor the new one`,
      next: `Somebody changed it there meanwhile. Call the rotation off, then enter the ${kind} that the server has under Edit.`,
    };
  }
  if (reason === "does_not_open") {
    return {
      tone: "warn",
      title: `The stored ${kind} does not open`,
      next: "What is kept here is damaged. Call the rotation off, then enter what the server has under Edit, whole.",
    };
  }
  if (state === "done" && reason === "old_key_left") {
    return {
      tone: "warn",
      title: "The new key is stored and works. The old one still signs in",
      next: "It could not be removed from here: delete its line from the user's authorized_keys on the server.",
    };
  }
  if (state === "undone") return (reason && NOT_AS_BEFORE[reason]?.[kind]) || words.undone;
  return words[state];
}

const KEPT = "The old password stays and signs in";

/** Where the server is not as it was before, or nobody can know that. */
const NOT_AS_BEFORE: Record<string, Partial<Record<RotationView["kind"], StatusLabel>>> = {
  verifier_not_restored: {
    password: {
      tone: "warn",
      title: `${KEPT}. The server may keep it with another verifier than before`,
      next: "Where something holds a copy of the verifier, such as a pooler's auth_file, give it the server's present one.",
    },
  },
  verifier_unproven: {
    password: {
      tone: "warn",
      title: `${KEPT}. Its verifier was set back as the pooler shows it`,
      next: "Whether the server had the same one before could not be seen. If the pooler can no longer sign in there, give its auth_file the role's present line of pg_authid.",
    },
  },
  not_taken_back: {
    password: {
      tone: "warn",
      title: `${KEPT}. The server did not let it be set back as it was before`,
      next: "Where something holds a copy of the verifier, such as a pooler's auth_file, give it the server's present one.",
    },
    key: {
      tone: "warn",
      title: "The old key stays. Whether the new one is gone from the server could not be seen",
      next: "Look for a line of the new key in the user's authorized_keys, and delete it.",
    },
  },
};

const WORDS: Record<RotationView["kind"], Record<RotationView["state"], StatusLabel>> = {
  password: {
    running: { tone: "info", title: "The rotation is under way", next: "It goes on if you close this." },
    waiting: { tone: "info", title: "The rotation waits", next: "Go on with it when you are ready." },
    unsettled: {
      tone: "warn",
      title: "It is not known yet which password the server has",
      next: "It stopped answering in the middle. Both are kept, and it is asked again by itself until it answers.",
    },
    done: {
      tone: "good",
      title: "The new password is stored and works",
      next: "Whoever fetches it gets the new one. The old one is of no use any more.",
    },
    undone: {
      tone: "info",
      title: "Nothing was changed: the old password stays",
      next: "The step that did not go through says why.",
    },
    abandoned: { tone: "warn", title: "The rotation was given up", next: "Test what is stored." },
  },
  key: {
    running: { tone: "info", title: "The rotation is under way", next: "It goes on if you close this." },
    waiting: {
      tone: "info",
      title: "Install the new key on the server by hand",
      next: "Add this line to the user's authorized keys, beside the old one, then verify. Until then the old key stays in use.",
    },
    unsettled: {
      tone: "warn",
      title: "It is not known yet which keys the server has",
      next: "It stopped answering in the middle. Both are kept, and it is asked again by itself until it answers.",
    },
    done: {
      tone: "good",
      title: "The new key is stored and works, and the old one is removed",
      next: "Whoever fetches it gets the new one.",
    },
    undone: {
      tone: "info",
      title: "Nothing was changed: the old key stays",
      next: "If a line of the new key is on the server, it can go.",
    },
    abandoned: { tone: "warn", title: "The rotation was given up", next: "Test what is stored." },
  },
};

/** What is said before it begins. */
export const beforehand = {
  password: {
    what: "A new random password is set on the server, tried out, and stored here. If anything goes wrong, the old one stays.",
    others:
      "Workflows that fetch this credential get the new password by themselves. Whatever else signs in as the same user must be changed by hand: the old password stops working at once.",
  },
  key: {
    what: "A new Ed25519 key is made, added on the server, tried out, and stored here. Only then is the old one removed there. If anything goes wrong, the old one stays.",
    others:
      "Workflows that fetch this credential get the new key by themselves. Whatever else signs in with the same key must be changed by hand.",
  },
} as const;
