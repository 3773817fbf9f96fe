/**
 * A JupyterLab server under test, started as a user starts it.
 *
 * @module
 */

/** A running server. */
export interface Server extends AsyncDisposable {
  /** Its address, with a slash at the end. */
  readonly url: string;
  /** What lets a client in, as `?token=…`. */
  readonly token: string;
}

/** Options of {@linkcode startServer}. */
export interface ServerOptions {
  /** The folder of the virtual environment. Default: `.venv`, as a user's. */
  readonly venv?: string;
  /** Variables in addition to those of this process. */
  readonly env?: Record<string, string>;
  /** More options for JupyterLab. */
  readonly args?: readonly string[];
}

/**
 * Starts what `deno task lab` starts, and waits until it answers.
 *
 * @param options The environment.
 * @throws {Error} If it ends before that.
 */
export async function startServer(
  { venv, env, args = [] }: ServerOptions = {},
): Promise<Server> {
  const port = freePort();
  const token = crypto.randomUUID();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      new URL("../../notebooks/lab.ts", import.meta.url).href,
      ...(venv === undefined ? [] : [`--venv=${venv}`]),
      "--no-browser",
      "--allow-root",
      "--log-level=ERROR",
      `--port=${port}`,
      "--ServerApp.port_retries=0",
      `--IdentityProvider.token=${token}`,
      ...args,
    ],
    env,
    stdin: "null",
    stdout: "null",
  }).spawn();
  const server = {
    url: `http://127.0.0.1:${port}/`,
    token,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
  const ended = child.status.then(({ code }) => {
    throw new Error(`JupyterLab ended with code ${code}`);
  });
  ended.catch(() => {});
  const waiting = new AbortController();
  try {
    await Promise.race([ended, untilItAnswers(server, waiting.signal)]);
  } finally {
    waiting.abort();
  }
  return server;
}

/**
 * Calls the server's REST interface and returns its answer.
 *
 * @param server The server.
 * @param path Such as `api/kernelspecs`.
 * @param body What is posted; without it, the path is read.
 */
export async function ask<T>(
  server: Server,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${server.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { Authorization: `token ${server.token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return await response.json();
}

async function untilItAnswers(
  server: Server,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const up = await ask(server, "api/status").then(() => true, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
