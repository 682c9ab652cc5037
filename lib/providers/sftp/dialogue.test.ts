import { generateKeyPairSync } from "node:crypto";
import ssh2, { type KeyboardAuthContext } from "ssh2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allowing, buildWorker, tryOut } from "@/test/providers/worker";
import { startSshd } from "@/test/servers/sshd";

let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker?.forget());

const DIALOGUE = ["UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes"];

test.each([
  ["a dialogue alone", DIALOGUE],
  ["passwords by a dialogue or by themselves", [...DIALOGUE.slice(0, 1), "KbdInteractiveAuthentication yes"]],
])("OpenSSH that takes %s lets the right password in, and a wrong one is told as that", async (_, settings) => {
  const { host, port, username, password, home, stop } = await startSshd(settings);
  const signIn = (given: string) =>
    tryOut("sftp", "user_password", { host, port, username, password: given, test_path: home });
  const [right, wrong] = [await signIn(password), await signIn("another-password")];
  await stop();
  expect(right).toMatchObject({ outcome: "ok" });
  expect(wrong).toMatchObject({ outcome: "failed", reason: "wrong_credentials" });
  expect(wrong.steps.find(({ id }) => id === "sign_in")).toMatchObject({ field: "password" });
});

type Question = { prompt: string; echo: boolean };
const hidden = (prompt: string): Question => ({ prompt, echo: false });
const SECRET = "the-right-password";

/**
 * Not a real server but the SSH library's own, for dialogues that no server has unless it is set up with modules of PAM. It
 * goes through its rounds, lets in whoever answers the first question with the password, and notes every answer.
 */
async function startDialogue(rounds: Question[][] | "without end") {
  const answers: string[][] = [];
  const key = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({ type: "pkcs1", format: "pem" });
  const ask = (context: KeyboardAuthContext, left: Question[][]): void => {
    const [round, ...rest] = left;
    if (!round) {
      if (answers.flat()[0] === SECRET) context.accept();
      else context.reject(["keyboard-interactive"]);
      return;
    }
    context.prompt(round, "A title that SECRET-WORDS stand in", (given) => {
      answers.push([...given]);
      ask(context, rounds === "without end" ? [round] : rest);
    });
  };
  const server = new ssh2.Server({ hostKeys: [String(key)] }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      if (context.method === "keyboard-interactive") ask(context, rounds === "without end" ? [[]] : rounds);
      else context.reject(["keyboard-interactive"]);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  const { port } = server.address() as { port: number };
  return { port, answers, stop: () => new Promise<void>((done) => server.close(() => done())) };
}

const signInAt = async (rounds: Question[][] | "without end", password = SECRET) => {
  const { port, answers, stop } = await startDialogue(rounds);
  const values = { host: "127.0.0.1", port, username: "anna", password };
  const report = await tryOut("sftp", "user_password", values, { policy: allowing(port) });
  await stop();
  expect(JSON.stringify(report)).not.toMatch(/SECRET-WORDS|Password:|Code:/);
  const step = report.steps.find(({ id }) => id === "sign_in");
  return { reason: report.reason, step, answers };
};

/** In, though this server has no files to offer. */
const IN = "no_sftp";

test.each<[string, Question[][], string[][]]>([
  ["one hidden question", [[hidden("Password: ")]], [[SECRET]]],
  ["one hidden question in another language", [[hidden("Passwort für anna: ")]], [[SECRET]]],
  ["a round without a question before it", [[], [hidden("Password: ")]], [[], [SECRET]]],
  ["rounds without a question after it", [[hidden("Password: ")], [], []], [[SECRET], [], []]],
])("%s is answered with the password, and nothing else is said", async (_, rounds, said) => {
  const { reason, answers } = await signInAt(rounds);
  expect([reason, answers]).toEqual([IN, said]);
});

test.each<[string, Question[][], string[][], RegExp]>([
  ["two questions at once", [[hidden("Password: "), hidden("Code: ")]], [], /several questions/],
  ["a question whose answer may be seen", [[{ prompt: "Code: ", echo: true }]], [], /one-time code/],
  ["a second hidden question", [[hidden("Password: ")], [hidden("Code: ")]], [[SECRET]], /further question/],
  [
    "an open question after the password",
    [[hidden("Password: ")], [{ prompt: "Code: ", echo: true }]],
    [[SECRET]],
    /one-time code/,
  ],
])("%s is named for what it is, and not answered", async (_, rounds, said, meaning) => {
  const { reason, answers, step } = await signInAt(rounds);
  expect([reason, answers]).toEqual(["further_factor_required", said]);
  expect(step?.meaning).toMatch(meaning);
});

test("a refused answer is a wrong password that may have been meant for a code, a dialogue that asks nothing is none", async () => {
  const wrong = await signInAt([[hidden("Password: ")]], "another-password");
  expect(wrong).toMatchObject({ reason: "wrong_credentials", step: { field: "password" } });
  expect(wrong.step?.advice).toMatch(/one-time code/);
  expect(await signInAt([[]])).toMatchObject({ reason: "method_not_accepted", answers: [[]] });
  expect(await signInAt([])).toMatchObject({ reason: "method_not_accepted", answers: [] });
});

test("a dialogue that never ends is ended", async () => {
  const { reason, answers } = await signInAt("without end");
  expect(reason).toBe("dialogue_endless");
  expect(answers.length).toBeLessThan(20);
});
