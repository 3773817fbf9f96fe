import { assertEquals } from "@std/assert";
import { filesBelow, graphOf, root } from "./graph.ts";

/** The one file of the rooms below that asks the platform for its modules. */
const asksThePlatform = "lib/core/platform.ts";

Deno.test("mod.ts loads no package and no file outside lib/", async () => {
  const { modules } = await graphOf("mod.ts");
  assertEquals(
    modules.filter((module) => module !== "mod.ts" && !/^lib\//.test(module)),
    [],
  );
});

Deno.test("lib/ loads two packages, parse-args and plotly's text", async () => {
  const { edges } = await graphOf(...filesBelow("lib", ".ts"));
  const loads = edges.filter(({ from, to }) =>
    from.startsWith("lib/") && !to.startsWith("lib/")
  ).map(({ from, to }) => `${from} ${to.replace(/@[^@]*$/, "")}`).sort();
  assertEquals(loads, [
    "lib/cli/arguments.ts tests/std/cli/parse_args.ts",
    "lib/notebook/plotly.ts npm:plotly.js-cartesian-dist-min",
  ]);
});

Deno.test("loading mod.ts needs no permission and touches no Deno API", async () => {
  const { code, stdout, stderr } = await deno(
    "run",
    "--no-prompt",
    "tests/structure/load.ts",
  );
  assertEquals({ stderr, stdout, code }, {
    stderr: "",
    stdout: "loaded\n",
    code: 0,
  });
});

// Without the types of Deno and Node, each mention of `Deno.…` and `process.…` is
// a type error.
Deno.test("lib/ type-checks with the types of a browser alone", async () => {
  const { stderr, code } = await deno(
    "check",
    "--config",
    "tests/structure/browser.json",
    "mod.ts",
    ...filesBelow("lib", ".ts").filter((file) =>
      // Its arguments are parsed by a package, which that configuration lacks.
      !file.startsWith("lib/cli/")
    ),
  );
  assertEquals(stderr.replaceAll(/^Check .*\n/gm, ""), "");
  assertEquals(code, 0);
});

Deno.test("in lib/, only lib/notebook/ reaches for globalThis", () => {
  const found = filesBelow("lib", ".ts").filter((file) =>
    file !== asksThePlatform && !file.startsWith("lib/notebook/") &&
    /\b(globalThis|global|self|window)\b\s*(\.|\[|as\b)/.test(read(file))
  );
  assertEquals(found, []);
});

function read(file: string): string {
  return Deno.readTextFileSync(new URL(file, root));
}

async function deno(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
