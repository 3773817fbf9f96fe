/**
 * Variables of the environment, where there is one: Deno, Node, Bun.
 *
 * @module
 */

/** The parts of Deno and Node that are used; a browser has neither. */
interface Platform {
  readonly Deno?: {
    readonly permissions?: {
      querySync(
        descriptor: { readonly name: "env"; readonly variable: string },
      ): { readonly state: string };
    };
    readonly env?: { get(name: string): string | undefined };
  };
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
  };
}

/**
 * Returns a variable's value, or undefined where it is not set, is empty, or
 * may not be read. It never asks for a permission.
 *
 * @param name The variable's name.
 */
export function readVariable(name: string): string | undefined {
  const value = read(globalThis as Platform, name);
  return value === "" ? undefined : value;
}

function read({ Deno, process }: Platform, name: string): string | undefined {
  // Deno has `process` too, and reading it would ask.
  if (Deno === undefined) return process?.env?.[name];
  const permission = Deno.permissions
    ?.querySync({ name: "env", variable: name });
  return permission?.state === "granted" ? Deno.env?.get(name) : undefined;
}
