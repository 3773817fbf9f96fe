/**
 * Explains why a cell does not parse: the kernel itself says only "Execution
 * failed".
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";
import type { JsonObject } from "./json.ts";

/**
 * Returns the content of an error message for a cell that failed without one: the parser's words if `deno fmt`
 * finds any, or the kernel's.
 *
 * @param code The cell's source.
 * @param reply The content of the kernel's reply.
 */
export async function describeFailure(
  code: string,
  reply: JsonObject,
): Promise<JsonObject> {
  const { ename, evalue } = reply;
  const text = await parserSays(code);
  const [, name, message, frame] =
    /error: (\w+): ([^\n]*)\n([^]*?)\s*at file:/.exec(text) ?? [];
  if (name === undefined) {
    return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
  }
  return {
    ename: name,
    evalue: message,
    traceback: [`${name}: ${message}`, ...frame.split("\n")],
  };
}

/** Returns what `deno fmt` complains of, which writes no file when it reads from its standard input. */
async function parserSays(code: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--ext", "ts", "-"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  return stripVTControlCharacters(
    new TextDecoder().decode((await output).stderr),
  );
}
