/**
 * Values that `using` closes, where the language has it.
 *
 * @module
 */

/**
 * What `using` calls, where the compiler's library names it; elsewhere nothing,
 * so that declarations do not ask for a newer library.
 *
 * @internal
 */
export type ClosedByUsing = Readonly<
  Record<
    SymbolConstructor extends { readonly dispose: infer Key extends symbol }
      ? Key
      : never,
    () => void
  >
>;

/**
 * Makes `using` close a value.
 *
 * @param value The value, changed in place and returned.
 */
export function closing<T extends { close(): void }>(
  value: T,
): T & ClosedByUsing {
  // Engines without `using` may lack the symbol.
  if (Symbol.dispose === undefined) return value as T & ClosedByUsing;
  return Object.defineProperty(value, Symbol.dispose, {
    value: () => value.close(),
    configurable: true,
  }) as T & ClosedByUsing;
}
