import { assertEquals, assertStringIncludes } from "@std/assert";

const source = new URL("../../notebooks/lab.ts", import.meta.url);
const windows = Deno.build.os === "windows";

Deno.test("the lab says what is missing where there is no Python", async () => {
  await withPython({}, async (lab) => {
    const { code, text } = await lab("--prepare");
    assertEquals(code, 1);
    assertStringIncludes(text, "JupyterLab needs Python");
    assertStringIncludes(text, "python3 or python or py -3");
    assertStringIncludes(text, "None of them is there.");
  });
});

Deno.test({
  name: "the lab says what an old or a bare Python lacks",
  ignore: windows,
  async fn() {
    const python = {
      python3: "echo 3.8",
      python: "echo 3.12 venv ensurepip",
      py: "exit 9",
    };
    await withPython(python, async (lab) => {
      const { code, text } = await lab("--prepare");
      assertEquals(code, 1);
      assertStringIncludes(text, "python3 is Python 3.8.");
      assertStringIncludes(text, "python lacks venv and ensurepip");
      assertStringIncludes(text, "python3-venv");
    });
  },
});

Deno.test({
  name: "the lab takes the first Python that will do, and calls pip once",
  ignore: windows,
  async fn() {
    const python = { python3: "echo 3.8", python: madeByVenv("exit 0") };
    await withPython(python, async (lab, dir) => {
      assertEquals((await lab("--prepare")).code, 0);
      const kernel = `${dir}/venv/share/jupyter/kernels/deno/kernel.json`;
      assertEquals(JSON.parse(await Deno.readTextFile(kernel)).argv, [
        Deno.execPath(),
        "jupyter",
        "--kernel",
        "--conn",
        "{connection_file}",
      ]);
      await Deno.writeTextFile(kernel, "of another Deno");
      assertEquals((await lab("--prepare")).code, 0);
      assertStringIncludes(await Deno.readTextFile(kernel), Deno.execPath());
      assertEquals(
        await Deno.readTextFile(`${dir}/venv/calls`),
        "-m pip install jupyterlab==4.*\n",
      );
    });
  },
});

Deno.test({
  name: "the lab says that pip failed, and tries again",
  ignore: windows,
  async fn() {
    const python = { python3: madeByVenv('test -e "$dir/works"') };
    await withPython(python, async (lab, dir) => {
      const { code, text } = await lab("--prepare");
      assertEquals(code, 1);
      assertStringIncludes(text, "could not be made ready");
      assertStringIncludes(
        text,
        "-m pip install jupyterlab==4.* failed with code 1",
      );
      await Deno.writeTextFile(`${dir}/venv/works`, "");
      assertEquals((await lab("--prepare")).code, 0);
    });
  },
});

/** A Python that "makes" an environment whose pip is a line of shell. */
function madeByVenv(pip: string): string {
  return `
dir=$(dirname "$0")/..
case "$1 $2" in
  -c*) echo 3.12 ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip") echo "$@" >> "$dir/calls"; ${pip} ;;
esac`;
}

type Lab = (...args: string[]) => Promise<{ code: number; text: string }>;

/** Runs the lab where the given scripts are all the Pythons there are. */
async function withPython(
  scripts: Record<string, string>,
  use: (lab: Lab, dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${dir}/bin`);
    for (const [name, script] of Object.entries(scripts)) {
      await Deno.writeTextFile(
        `${dir}/bin/${name}`,
        `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`,
        { mode: 0o755 },
      );
    }
    await use(async (...args) => {
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", source.href, `--venv=${dir}/venv`, ...args],
        env: { PATH: `${dir}/bin`, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
      }).output();
      return { code, text: new TextDecoder().decode(stderr) };
    }, dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
