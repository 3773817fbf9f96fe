/**
 * Python's pickles, read without running anything: a class or a function stays
 * its name, and a call a record of what would be called with what.
 *
 * Protocols 0 to 5, but for extension codes and buffers outside the pickle.
 * Before memory is allocated, lengths are compared with the bytes that are left,
 * and what all objects take is bounded: a deflated pickle of 30 kB may name 30
 * million of them.
 *
 * @module
 * @see Lib/pickletools.py, Python 3.13
 */

import { fault } from "./bytes.ts";

/** A class or function of Python, which is never looked up. */
export class PickledName {
  /** The module, as Python 3 calls it. */
  readonly module: string;
  /** The name in the module. */
  readonly name: string;

  /**
   * @param module The module.
   * @param name The name in it.
   */
  constructor(module: string, name: string) {
    this.module = python3Modules.get(module) ?? module;
    this.name = name;
  }

  /** Both, with a point between them. */
  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** A tuple, which is no list. */
export class PickledTuple {
  /** Its items. */
  readonly items: readonly unknown[];

  /**
   * @param items Its items.
   */
  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A set. */
export class PickledSet {
  /** Its members, those given twice included. */
  readonly members: unknown[] = [];
}

/** A floating-point number: 1.0 is written otherwise than 1. */
export class PickledFloat {
  /** Its value. */
  readonly value: number;

  /**
   * @param value Its value.
   */
  constructor(value: number) {
    this.value = value;
  }
}

/** A dictionary, whose keys may be of any type. */
export class PickledDict {
  #entries: Map<unknown, unknown> | undefined;

  /** How many keys it has. */
  get size(): number {
    return this.#entries?.size ?? 0;
  }

  /**
   * Returns the value of a key; undefined if there is none.
   *
   * @param key The key.
   */
  get(key: unknown): unknown {
    return this.#entries?.get(key);
  }

  /**
   * Sets the value of a key. Tuples are keys by identity, unlike in Python.
   *
   * @param key The key.
   * @param value The value.
   */
  set(key: unknown, value: unknown): void {
    // Most dictionaries of a checkpoint are empty: each tensor has one.
    this.#entries ??= new Map();
    this.#entries.set(key, value);
  }

  /** Returns its keys and values, in order. */
  entries(): Iterable<[key: unknown, value: unknown]> {
    return this.#entries ?? [];
  }
}

/** An object of an unknown class, or the result of an unknown function. */
export class PickledObject {
  /** What would be called to make it: a name, or any other value. */
  readonly callee: unknown;
  /** The arguments of the call. */
  readonly args: readonly unknown[];
  /** The state that it is given then; undefined if it is not. */
  state: unknown;
  /** The items that are appended to it. */
  readonly items: unknown[] = [];
  /** The keys that are set in it. */
  readonly members: PickledDict = new PickledDict();

  /**
   * @param callee What would be called.
   * @param args The arguments.
   */
  constructor(callee: unknown, args: readonly unknown[]) {
    this.callee = callee;
    this.args = args;
  }
}

/** What the parts of a pickle mean that Python would run or look up. */
export interface Meanings {
  /**
   * Returns what a call gives; undefined to keep it as a record.
   *
   * @param callee The class or function.
   * @param args The arguments.
   */
  call(callee: PickledName, args: readonly unknown[]): unknown;
  /**
   * Gives a state to an object that `call` made. Records get theirs without it.
   *
   * @param object The object, which is changed: other places may have it too.
   * @param state The state.
   */
  build(object: unknown, state: unknown): void;
  /**
   * Returns a value that is outside of the pickle.
   *
   * @param id Its persistent id.
   */
  outside(id: unknown): unknown;
}

/** What a pickle held. */
interface Unpickled {
  /** Its object. */
  readonly value: unknown;
  /** One beyond its last byte. */
  readonly end: number;
  /** The classes and functions that it names, each path once. */
  readonly names: ReadonlyMap<string, PickledName>;
}

/** The error of a pickle that goes on beyond the bytes. */
export class EarlyEnd extends SyntaxError {}

/** One operation of the machine that a pickle is a program of. */
type Operation = (machine: Machine) => void;

/** Modules that Python 2 called otherwise. */
const python3Modules: ReadonlyMap<string, string> = new Map([
  ["__builtin__", "builtins"],
  ["copy_reg", "copyreg"],
  ["UserDict", "collections"],
]);

const latestProtocol = 5;

/** The most bytes of an integer: its decimal digits take quadratic time. */
const longestInteger = 256;

/** The most digits of an integer that is written as text. */
const mostDigits = 600;

/** The most bytes of a line. */
const longestLine = 2 ** 16;

/** The most values on the stack. */
const deepestStack = 2 ** 20;

/**
 * The most words of 8 bytes that all values take, about: 128 MB. A tensor takes
 * some 80.
 */
const mostWords = 2 ** 24;

/** What takes how many words, about. */
const wordsOf = {
  object: 6,
  kept: 2,
  hashed: 12,
  list: 16,
  dict: 24,
  record: 24,
};

/** So many a call may have. */
const mostArguments = 2 ** 13;

const text = new TextDecoder("utf-8", { ignoreBOM: true });

/** Stands on the stack before the items of a tuple, a list or a dictionary. */
const mark = Symbol("mark");

/** Operations by their codes; STOP, 0x2e, is left to the loop. */
const operations: Readonly<Record<number, Operation>> = {
  0x80: (m) => m.checkProtocol(m.bytes.number(1)), // PROTO
  0x95: (m) => m.bytes.number(8), // FRAME
  0x28: (m) => m.push(mark), // MARK
  0x30: (m) => m.drop(), // POP
  0x31: (m) => m.popToMark(), // POP_MARK
  0x32: (m) => m.push(m.top()), // DUP

  0x4e: (m) => m.push(null), // NONE
  0x88: (m) => m.push(true), // NEWTRUE
  0x89: (m) => m.push(false), // NEWFALSE
  0x49: (m) => m.push(m.integerOrTruth(m.bytes.line())), // INT
  0x4a: (m) => m.push(m.bytes.number(4) | 0), // BININT
  0x4b: (m) => m.push(m.bytes.number(1)), // BININT1
  0x4d: (m) => m.push(m.bytes.number(2)), // BININT2
  0x4c: (m) => m.push(m.integer(m.bytes.line().replace(/L$/, ""))), // LONG
  0x8a: (m) => m.push(m.bytes.integer(1)), // LONG1
  0x8b: (m) => m.push(m.bytes.integer(4)), // LONG4
  0x46: (m) => m.make(new PickledFloat(Number(m.bytes.line()))), // FLOAT
  0x47: (m) => m.make(new PickledFloat(m.bytes.double())), // BINFLOAT

  0x53: (m) => m.make(unquoted(m.bytes.line())), // STRING
  0x54: (m) => m.make(latin1(m.bytes.counted(4))), // BINSTRING
  0x55: (m) => m.make(latin1(m.bytes.counted(1))), // SHORT_BINSTRING
  0x56: (m) => m.make(m.bytes.line()), // UNICODE
  0x58: (m) => m.make(text.decode(m.bytes.counted(4))), // BINUNICODE
  0x8c: (m) => m.make(text.decode(m.bytes.counted(1))), // SHORT_BINUNICODE
  0x8d: (m) => m.make(text.decode(m.bytes.counted(8))), // BINUNICODE8
  0x42: (m) => m.make(m.bytes.counted(4)), // BINBYTES
  0x43: (m) => m.make(m.bytes.counted(1)), // SHORT_BINBYTES
  0x8e: (m) => m.make(m.bytes.counted(8)), // BINBYTES8
  0x96: (m) => m.make(m.bytes.counted(8)), // BYTEARRAY8

  0x29: (m) => m.make(new PickledTuple([])), // EMPTY_TUPLE
  0x85: (m) => m.make(new PickledTuple(m.popItems(1))), // TUPLE1
  0x86: (m) => m.make(new PickledTuple(m.popItems(2))), // TUPLE2
  0x87: (m) => m.make(new PickledTuple(m.popItems(3))), // TUPLE3
  0x74: (m) => m.make(new PickledTuple(m.popToMark())), // TUPLE
  0x5d: (m) => m.make([]), // EMPTY_LIST
  0x6c: (m) => m.make(m.popToMark()), // LIST
  0x61: (m) => m.append(m.popItems(1)), // APPEND
  0x65: (m) => m.append(m.popToMark()), // APPENDS
  0x7d: (m) => m.make(new PickledDict()), // EMPTY_DICT
  0x64: (m) => { // DICT
    const items = m.popToMark();
    m.make(new PickledDict());
    m.setItems(items);
  },
  0x73: (m) => m.setItems(m.popItems(2)), // SETITEM
  0x75: (m) => m.setItems(m.popToMark()), // SETITEMS
  0x8f: (m) => m.make(new PickledSet()), // EMPTY_SET
  0x90: (m) => m.append(m.popToMark()), // ADDITEMS
  0x91: (m) => { // FROZENSET
    const items = m.popToMark();
    m.make(new PickledSet());
    m.append(items);
  },

  0x70: (m) => m.remember(m.integer(m.bytes.line())), // PUT
  0x71: (m) => m.remember(m.bytes.number(1)), // BINPUT
  0x72: (m) => m.remember(m.bytes.number(4)), // LONG_BINPUT
  0x94: (m) => m.remember(m.memo.size), // MEMOIZE
  0x67: (m) => m.recall(m.integer(m.bytes.line())), // GET
  0x68: (m) => m.recall(m.bytes.number(1)), // BINGET
  0x6a: (m) => m.recall(m.bytes.number(4)), // LONG_BINGET

  0x63: (m) => m.name(m.bytes.line(), m.bytes.line()), // GLOBAL
  0x93: (m) => m.name(...m.popPair()), // STACK_GLOBAL
  0x69: (m) => { // INST
    m.name(m.bytes.line(), m.bytes.line());
    const callee = m.pop();
    m.call(callee, new PickledTuple(m.popToMark()));
  },
  0x6f: (m) => { // OBJ
    const [callee, ...args] = m.popToMark();
    m.call(callee, new PickledTuple(args));
  },
  0x52: (m) => m.call(...m.popPair()), // REDUCE
  0x81: (m) => m.call(...m.popPair()), // NEWOBJ
  0x92: (m) => { // NEWOBJ_EX
    const [callee, args, named] = m.popItems(3);
    m.call(callee, args);
    m.build(named);
  },
  0x62: (m) => m.build(m.pop()), // BUILD
  0x51: (m) => m.push(m.meanings.outside(m.pop())), // BINPERSID
  0x50: (m) => m.push(m.meanings.outside(m.bytes.line())), // PERSID
};

/** The code of the last operation. */
const stop = 0x2e;

/**
 * Returns the object of the pickle that bytes begin with.
 *
 * Integers are numbers where these are exact, else bigints; lists are arrays;
 * `bytes` and `bytearray` are Uint8Arrays over the memory of the pickle.
 *
 * @param action What is being done, for the error message.
 * @param bytes The pickle, after which others may follow.
 * @param meanings What names stand for.
 * @throws {EarlyEnd} If the pickle goes on beyond the bytes.
 * @throws {SyntaxError} If it does not parse, or takes too much memory.
 */
export function unpickle(
  action: string,
  bytes: Uint8Array,
  meanings: Meanings,
): Unpickled {
  const machine = new Machine(action, bytes, meanings);
  for (;;) {
    const code = machine.bytes.number(1);
    if (code === stop) break;
    const operation = operations[code];
    if (operation === undefined) {
      throw machine.bytes.fault(
        "an operation of protocols 0 to 5 must begin here",
        `code ${code}`,
      );
    }
    operation(machine);
  }
  const value = machine.pop();
  return { value, end: machine.bytes.at, names: machine.names };
}

/** Reads bytes one after another. */
class Bytes {
  /** The next byte. */
  at = 0;
  readonly #action: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(action: string, bytes: Uint8Array) {
    this.#action = action;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Returns the error of what was just read. */
  fault(rule: string, got: unknown): SyntaxError {
    return fault(
      this.#action,
      `before byte ${this.at} of its pickle, ${rule}`,
      got,
    );
  }

  /** Returns a number of 1, 2, 4 or 8 bytes, the lowest first. */
  number(size: number): number {
    const start = this.#take(size);
    if (size === 1) return this.#bytes[start];
    if (size === 2) return this.#view.getUint16(start, true);
    if (size === 4) return this.#view.getUint32(start, true);
    return Number(this.#view.getBigUint64(start, true));
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** Returns bytes, of which a number says how many they are. */
  counted(size: number): Uint8Array {
    const length = this.number(size);
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Returns an integer in two's complement, after its length. */
  integer(size: number): number | bigint {
    const bytes = this.counted(size);
    if (bytes.length > longestInteger) {
      throw this.fault(
        `an integer must have at most ${longestInteger} bytes`,
        bytes.length,
      );
    }
    let value = 0n;
    for (const byte of bytes.toReversed()) value = value << 8n | BigInt(byte);
    return exact(BigInt.asIntN(8 * bytes.length, value));
  }

  /** Returns the text up to the next line feed. */
  line(): string {
    const start = this.at;
    const length = this.#bytes.subarray(start, start + longestLine).indexOf(10);
    if (length === -1) {
      const left = this.#bytes.length - start;
      if (left < longestLine) throw this.#early("a line feed", left);
      throw this.fault(
        `a line must have fewer than ${longestLine} bytes`,
        "more",
      );
    }
    this.at = start + length + 1;
    return text.decode(this.#bytes.subarray(start, start + length));
  }

  /** Passes over bytes and returns where they begin. */
  #take(length: number): number {
    const left = this.#bytes.length - this.at;
    if (length > left) throw this.#early(`${length} bytes`, left);
    this.at += length;
    return this.at - length;
  }

  #early(what: string, left: number): EarlyEnd {
    return new EarlyEnd(this.fault(`${what} must follow`, left).message);
  }
}

/** Values by their indices, which nearly always count from 0. */
class Memo {
  readonly #counted: unknown[] = [];
  readonly #others = new Map<number | bigint, unknown>();

  /** How many values there are. */
  get size(): number {
    return this.#counted.length + this.#others.size;
  }

  has(index: number | bigint): boolean {
    return Number(index) in this.#counted || this.#others.has(index);
  }

  get(index: number | bigint): unknown {
    return this.#others.has(index)
      ? this.#others.get(index)
      : this.#counted[Number(index)];
  }

  set(index: number | bigint, value: unknown): void {
    const isOther = this.#others.has(index) || index > this.#counted.length ||
      index < 0;
    if (isOther) this.#others.set(index, value);
    else this.#counted[Number(index)] = value;
  }
}

/** What a pickle is a program of: a stack, and a memo of what was on it. */
class Machine {
  readonly bytes: Bytes;
  readonly meanings: Meanings;
  readonly memo = new Memo();
  readonly names = new Map<string, PickledName>();
  readonly #stack: unknown[] = [];
  #words = 0;

  constructor(action: string, bytes: Uint8Array, meanings: Meanings) {
    this.bytes = new Bytes(action, bytes);
    this.meanings = meanings;
  }

  checkProtocol(protocol: number): void {
    if (protocol > latestProtocol) {
      throw this.bytes.fault(
        `the protocol must be at most ${latestProtocol}`,
        protocol,
      );
    }
  }

  push(value: unknown): void {
    this.#use(1);
    if (this.#stack.length === deepestStack) {
      throw this.bytes.fault(
        `its stack must have at most ${deepestStack} values`,
        "more",
      );
    }
    this.#stack.push(value);
  }

  /** Pushes a value that was made here. */
  make(value: unknown): void {
    this.#use(wordsOf.object);
    this.push(value);
  }

  drop(): void {
    if (this.#stack.length === 0) throw this.#empty();
    this.#stack.pop();
  }

  top(): unknown {
    const value = this.#stack.at(-1);
    if (value === undefined || value === mark) throw this.#empty();
    return value;
  }

  pop(): unknown {
    const value = this.top();
    this.#stack.pop();
    return value;
  }

  popItems(count: number): unknown[] {
    const items = this.#stack.splice(-count);
    if (items.length < count || items.includes(mark)) throw this.#empty();
    return items;
  }

  popPair(): [first: unknown, second: unknown] {
    const second = this.pop();
    return [this.pop(), second];
  }

  popToMark(): unknown[] {
    const index = this.#stack.lastIndexOf(mark);
    if (index === -1) {
      throw this.bytes.fault("a mark must be on the stack", "none");
    }
    const items = this.#stack.splice(index + 1);
    this.#stack.pop();
    return items;
  }

  append(items: readonly unknown[]): void {
    const target = this.top();
    const list = Array.isArray(target)
      ? target
      : target instanceof PickledSet
      ? target.members
      : target instanceof PickledObject
      ? target.items
      : undefined;
    if (list === undefined) {
      throw this.bytes.fault(
        "items must go to a list, a set or an object",
        kindOf(target),
      );
    }
    if (list.length === 0) this.#use(wordsOf.list);
    this.#use(items.length);
    for (const item of items) list.push(item);
  }

  setItems(items: readonly unknown[]): void {
    const target = this.top();
    const dict = target instanceof PickledObject ? target.members : target;
    if (!(dict instanceof PickledDict) || items.length % 2 !== 0) {
      throw this.bytes.fault(
        "keys with values must go to a dictionary",
        `${items.length} items for ${kindOf(target)}`,
      );
    }
    if (dict.size === 0) this.#use(wordsOf.dict);
    // An entry of a map takes twice what an item of a list does.
    this.#use(2 * items.length);
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  remember(index: number | bigint): void {
    this.#use(index === this.memo.size ? wordsOf.kept : wordsOf.hashed);
    this.memo.set(index, this.top());
  }

  recall(index: number | bigint): void {
    if (!this.memo.has(index)) {
      throw this.bytes.fault("what is recalled must be in the memo", index);
    }
    this.push(this.memo.get(index));
  }

  name(module: unknown, name: unknown): void {
    if (typeof module !== "string" || typeof name !== "string") {
      throw this.bytes.fault(
        "a module and a name must be strings",
        `${kindOf(module)} and ${kindOf(name)}`,
      );
    }
    const named = new PickledName(module, name);
    const { path } = named;
    if (!this.names.has(path)) {
      this.#use(wordsOf.hashed + path.length / 8);
      this.names.set(path, named);
    }
    this.make(named);
  }

  call(callee: unknown, args: unknown): void {
    if (!(args instanceof PickledTuple)) {
      throw this.bytes.fault("arguments must be a tuple", kindOf(args));
    }
    const made = callee instanceof PickledName
      ? this.meanings.call(callee, args.items)
      : undefined;
    if (made === undefined) this.#use(wordsOf.record);
    this.make(
      made === undefined ? new PickledObject(callee, args.items) : made,
    );
  }

  /** In place, so what was remembered before stays right. */
  build(state: unknown): void {
    const target = this.top();
    if (target instanceof PickledObject) target.state = state;
    else this.meanings.build(target, state);
  }

  integer(digits: string): number | bigint {
    if (!/^[-+]?\d+$/.test(digits) || digits.length > mostDigits) {
      throw this.bytes.fault(
        `an integer must have 1 to ${mostDigits} digits`,
        digits,
      );
    }
    return exact(BigInt(digits.replace("+", "")));
  }

  /** Before protocol 2, truth values were integers of two digits. */
  integerOrTruth(digits: string): number | bigint | boolean {
    if (digits === "01" || digits === "00") return digits === "01";
    return this.integer(digits.trim());
  }

  #use(words: number): void {
    this.#words += words;
    if (this.#words > mostWords) {
      throw this.bytes.fault(
        `its values must take at most ${8 * mostWords} bytes`,
        "more",
      );
    }
  }

  #empty(): SyntaxError {
    return this.bytes.fault("a value must be on the stack", "none");
  }
}

/**
 * Returns the kind of a value, for error messages.
 *
 * @param value A value of a pickle.
 */
export function kindOf(value: unknown): string {
  if (value === null) return "None";
  if (typeof value !== "object") return `a ${typeof value}`;
  if (Array.isArray(value)) return "a list";
  if (value instanceof PickledName) return value.path;
  if (value instanceof PickledTuple) return "a tuple";
  if (value instanceof PickledDict) return "a dictionary";
  if (value instanceof PickledSet) return "a set";
  if (value instanceof PickledFloat) return "a float";
  return value instanceof Uint8Array ? "bytes" : "an object";
}

/**
 * Returns text whose characters are bytes.
 *
 * @param bytes The bytes.
 */
export function latin1(bytes: Uint8Array): string {
  const ascii = text.decode(bytes);
  if (/^[\0-\x7f]*$/.test(ascii)) return ascii;
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += mostArguments) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + mostArguments)));
  }
  return parts.join("");
}

/** Python 2 quoted its strings; escapes stay as they are. */
function unquoted(line: string): string {
  return line.replace(/^(['"])(.*)\1$/s, "$2");
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
