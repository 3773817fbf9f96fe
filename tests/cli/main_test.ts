import { assert, assertEquals } from "@std/assert";
import { commands, runOn, version } from "../../lib/cli/main.ts";
import { Terminal } from "../../lib/cli/terminal.ts";
import { runCommand } from "./fake_terminal.ts";

Deno.test("the help lists each command, and each has a help of its own", async () => {
  for (const args of [["--help"], ["-h"], ["help"]]) {
    const { code, out, error } = await runCommand(args);
    assertEquals([code, error], [0, ""]);
    for (const { name, summary } of commands) {
      assert(new RegExp(`^  ${name} +${summary}$`, "m").test(out), name);
    }
  }
  for (const { name } of commands) {
    const { out } = await runCommand([name, "--help"]);
    assertEquals((await runCommand(["help", name])).out, out);
    assertEquals((await runCommand([name, "3", "-h", "--x"])).out, out);
    assert(out.includes(`Usage: fanin ${name} `), name);
    assert(/^Permissions: /m.test(out), name);
    assert(/^ {2}--json /m.test(out), name);
    const wide = out.split("\n").filter((line) => line.length > 80);
    assertEquals(wide, [], name);
  }
});

Deno.test("the version is the package's", async () => {
  const text = await Deno.readTextFile(
    new URL("../../deno.json", import.meta.url),
  );
  assertEquals(version, JSON.parse(text).version);
  const expected = { code: 0, out: `fanin ${version}\n`, error: "" };
  assertEquals(await runCommand(["--version"]), expected);
});

Deno.test("what is no command is refused, with the nearest that is one", async () => {
  const none = await runCommand([]);
  assertEquals([none.code, none.out], [2, ""]);
  assertEquals(none.error, (await runCommand(["--help"])).out);
  const refusals: [string[], string][] = [
    [["fna"], "error: Unknown command fna; did you mean fan?"],
    [["xyz", "3"], "error: Unknown command xyz"],
    [["--hlep"], "error: Unknown option --hlep"],
    [["help", "int"], "error: Unknown command int; did you mean init?"],
    [["constructor"], "error: Unknown command constructor"],
  ];
  for (const [args, message] of refusals) {
    assertEquals(await runCommand(args), {
      code: 2,
      out: "",
      error: `${message}\nfanin --help says how it is used\n`,
    });
  }
});

Deno.test("errors in arguments point to the help", async () => {
  assertEquals(await runCommand(["fan", "3", "3", "--grups", "3"]), {
    code: 2,
    out: "",
    error: `error: Unknown option --grups; did you mean --groups?
fanin fan --help says how it is used
`,
  });
});

Deno.test("an error of the library is one line", async () => {
  assertEquals(await runCommand(["fan", "3"]), {
    code: 2,
    out: "",
    error:
      "error: Cannot compute fan in and fan out: the rank must be at least 2, got 1 in shape [3]\n",
  });
});

Deno.test("an error of several lines is printed in one", async () => {
  let error = "";
  const terminal = new Terminal({
    out: {
      isTerminal: false,
      write() {
        throw new Error("first\n  second");
      },
    },
    error: { isTerminal: false, write: (text) => void (error += text) },
    columns: 80,
    colors: true,
    now: () => 0,
  });
  assertEquals(await runOn(["fan", "3", "3"], terminal), 2);
  assertEquals(error, "error: first second\n");
});

Deno.test("a reader that closed the output gets no error", async () => {
  let error = "";
  const closed = () => {
    throw Object.assign(new Error("EPIPE: broken pipe, write"), {
      code: "EPIPE",
    });
  };
  const terminal = (write: (text: string) => void) =>
    new Terminal({
      out: { isTerminal: false, write: closed },
      error: { isTerminal: true, write },
      columns: 80,
      colors: true,
      now: () => 0,
    });
  const args = ["fan", "3", "3"];
  assertEquals(await runOn(args, terminal((text) => void (error += text))), 2);
  assertEquals(error, "");
  assertEquals(await runOn(["nonsense"], terminal(closed)), 2);
});

Deno.test("an error is short and harmless, whatever was typed", async () => {
  const long = "x".repeat(100_000);
  const typed = [
    [long],
    ["fan", `--${long}`],
    ["fan", long],
    ["init", long, "3"],
    ["init", "normal", "3", "--std", long],
    ["init", "normal", "3", "-o", long],
    ["fan", "3", "3", "--axes", `\x1b[2J${long}`],
    ["\x1b[2J"],
  ];
  for (const args of typed) {
    const { code, out, error } = await runCommand(args);
    assertEquals([code, out], [2, ""]);
    const [line, ...help] = error.trimEnd().split("\n");
    assert(line.startsWith("error: ") && line.length <= 407, line);
    assert(!/\p{Cc}/u.test(line), line);
    assert(help.length <= 1 && (help[0]?.length ?? 0) < 60);
  }
});
