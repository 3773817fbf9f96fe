import { assertEquals, assertStringIncludes } from "@std/assert";
import { findPython } from "../../notebooks/venv.ts";
import { ask, type Server, type ServerOptions, startServer } from "./server.ts";

const python = await findPython().catch(() => undefined);
if (python === undefined) console.log("NOT RUN: no Python");

Deno.test({
  name: "the lab runs cells on this Deno and leaves the home folder empty",
  ignore: python === undefined,
  async fn() {
    const temp = await Deno.makeTempDir();
    const home = `${temp}/home`;
    await Deno.mkdir(home);
    try {
      await runACell({
        venv: `${temp}/venv`,
        env: { ...homes(home), ...caches(temp), DENO_DIR: await denoDir() },
      });
      assertEquals(await namesBelow(home), []);
    } finally {
      await Deno.remove(temp, { recursive: true });
    }
  },
});

async function runACell(options: ServerOptions): Promise<void> {
  await using server = await startServer(options);
  const { kernelspecs } = await ask<Kernelspecs>(server, "api/kernelspecs");
  assertEquals(kernelspecs.deno.spec.argv[0], Deno.execPath());
  const result = await evaluate(
    server,
    `import { empty } from "../mod.ts";
[Deno.execPath(), String(empty([2]))]`,
  );
  assertStringIncludes(String(result["text/plain"]), Deno.execPath());
  assertStringIncludes(String(result["text/plain"]), "tensor([0., 0.])");
}

interface Kernelspecs {
  readonly kernelspecs: {
    readonly deno: { readonly spec: { readonly argv: readonly string[] } };
  };
}

/** The variables by which programs find the home folder, and what is in it. */
function homes(home: string): Record<string, string> {
  const inside = ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"];
  return {
    HOME: home,
    USERPROFILE: home,
    APPDATA: home,
    LOCALAPPDATA: home,
    ...Object.fromEntries(inside.map((name) => [name, `${home}/${name}`])),
  };
}

/** Where programs keep what is not fanin's: pip asks rustc for its version. */
function caches(temp: string): Record<string, string> {
  return { RUSTUP_HOME: `${temp}/rustup` };
}

async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

async function namesBelow(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    names.push(name);
    if (isDirectory) {
      const inner = await namesBelow(`${folder}/${name}`);
      names.push(...inner.map((each) => `${name}/${each}`));
    }
  }
  return names;
}

/** Executes a cell of a new notebook and returns its value's MIME bundle. */
async function evaluate(
  server: Server,
  code: string,
): Promise<Record<string, unknown>> {
  const { kernel } = await ask<{ kernel: { id: string } }>(
    server,
    "api/sessions",
    {
      path: "new.ipynb",
      name: "new.ipynb",
      type: "notebook",
      kernel: { name: "deno" },
    },
  );
  const socket = new WebSocket(
    `${server.url.replace("http", "ws")}api/kernels/${kernel.id}/channels` +
      `?token=${server.token}`,
  );
  const { promise, resolve, reject } = Promise.withResolvers<
    Record<string, unknown>
  >();
  socket.onerror = () => reject(new Error("The kernel's socket failed"));
  socket.onopen = () => socket.send(JSON.stringify(request(code)));
  socket.onmessage = ({ data }) => {
    const { header, content } = JSON.parse(data);
    if (header.msg_type === "execute_result") resolve(content.data);
    if (header.msg_type === "error" || content.status === "error") {
      reject(new Error(JSON.stringify(content)));
    }
  };
  try {
    return await promise;
  } finally {
    socket.close();
  }
}

function request(code: string): unknown {
  return {
    channel: "shell",
    header: {
      msg_id: crypto.randomUUID(),
      msg_type: "execute_request",
      session: crypto.randomUUID(),
      username: "",
      version: "5.3",
    },
    parent_header: {},
    metadata: {},
    content: { code, silent: false, store_history: true },
  };
}
