import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  EarlyEnd,
  PickledDict,
  PickledFloat,
  PickledName,
  PickledObject,
  PickledSet,
  PickledTuple,
  unpickle,
} from "../../../lib/checkpoint/formats/pickle.ts";
import { bytesIn, number } from "./torch_files.ts";

const builds: [unknown, unknown][] = [];

function read(pickle: string) {
  return unpickle("test", bytesIn(pickle), {
    call: ({ path }, args) => path === "m.f" ? ["f", ...args] : undefined,
    build: (object, state) => builds.push([object, state]),
    outside: (id) => ["outside", id],
  });
}

/** A value without classes. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array) return `bytes ${value.toHex()}`;
  if (value instanceof PickledFloat) return { float: value.value };
  if (value instanceof PickledName) return { name: value.path };
  if (value instanceof PickledTuple) return { tuple: value.items.map(plain) };
  if (value instanceof PickledSet) return { set: value.members.map(plain) };
  if (value instanceof PickledDict) {
    return { dict: [...value.entries()].map((pair) => pair.map(plain)) };
  }
  if (!(value instanceof PickledObject)) return value;
  return {
    of: plain(value.callee),
    args: value.args.map(plain),
    state: plain(value.state),
    items: value.items.map(plain),
    members: plain(value.members),
  };
}

const record = (more: object = {}) => ({
  of: { name: "m.C" },
  args: [],
  state: undefined,
  items: [],
  members: { dict: [] },
  ...more,
});

const pickles: [pickle: string, value: unknown][] = [
  ["\x80\x05\x95\x02\0\0\0\0\0\0\0N.", null],
  ["\x88.", true],
  ["\x89.", false],
  ["I01\n.", true],
  ["I00\n.", false],
  ["I-12\n.", -12],
  ["I+7 \n.", 7],
  ["J\xfe\xff\xff\xff.", -2],
  ["J\x01\x02\x03\x04.", 0x04030201],
  ["K\xff.", 255],
  ["M\x01\x02.", 0x201],
  ["L123L\n.", 123],
  [`L${2n ** 60n}L\n.`, 2n ** 60n],
  ["\x8a\x00.", 0],
  ["\x8a\x01\xff.", -1],
  ["\x8a\x02\xff\x00.", 255],
  ["\x8a\x08\0\0\0\0\0\0\0\x01.", 2n ** 56n],
  ["\x8b\x02\0\0\0\0\x80.", -32768],
  ["F2.5\n.", { float: 2.5 }],
  ["G?\xf8\0\0\0\0\0\0.", { float: 1.5 }],
  ["S'a\\n'\n.", "a\\n"],
  ['S"b"\n.', "b"],
  ["T\x02\0\0\0\xe4b.", "äb"],
  ["U\x02\xff\x80.", "\xff\x80"],
  ["V\xc3\xa4\n.", "ä"],
  ["X\x03\0\0\0\xef\xbb\xbf.", "\ufeff"],
  ["X\x01\0\0\0\xff.", "\ufffd"],
  ["\x8c\x02\xc3\xa4.", "ä"],
  ["\x8d\x01\0\0\0\0\0\0\0a.", "a"],
  ["B\x02\0\0\0ab.", "bytes 6162"],
  ["C\x01\xff.", "bytes ff"],
  ["\x8e\x01\0\0\0\0\0\0\0a.", "bytes 61"],
  ["\x96\x01\0\0\0\0\0\0\0b.", "bytes 62"],
  [").", { tuple: [] }],
  ["K\x01\x85.", { tuple: [1] }],
  ["K\x01K\x02\x86.", { tuple: [1, 2] }],
  ["K\x01K\x02K\x03\x87.", { tuple: [1, 2, 3] }],
  ["K\x09(K\x01K\x02t\x86.", { tuple: [9, { tuple: [1, 2] }] }],
  ["].", []],
  ["(K\x01K\x02l.", [1, 2]],
  ["]K\x01a.", [1]],
  ["](K\x01K\x02eK\x03a.", [1, 2, 3]],
  ["}.", { dict: [] }],
  ["(K\x01K\x02d.", { dict: [[1, 2]] }],
  ["}K\x01K\x02s.", { dict: [[1, 2]] }],
  ["}(K\x01K\x02K\x01K\x03u.", { dict: [[1, 3]] }],
  ["}(K\x01K\x02U\x011K\x03u.", { dict: [[1, 2], ["1", 3]] }],
  ["\x8f(K\x01K\x02\x90.", { set: [1, 2] }],
  ["(K\x01\x91.", { set: [1] }],
  ["K\x01K\x020.", 1],
  ["K\x01(K\x02K\x031.", 1],
  ["K\x01(0.", 1],
  ["K\x012\x86.", { tuple: [1, 1] }],
  ["]p7\nK\x01ag7\n\x86.", { tuple: [[1], [1]] }],
  ["]q\x07K\x01ah\x07\x86.", { tuple: [[1], [1]] }],
  ["]r\x07\0\0\0K\x01aj\x07\0\0\0\x86.", { tuple: [[1], [1]] }],
  ["]\x94K\x05\x940h\0h\x01\x86.", { tuple: [[], 5] }],
  ["K\x05q\x09K\x06q\x09h\x09\x85.", { tuple: [6] }],
  ["K\x05q\0K\x06q\0h\0\x85.", { tuple: [6] }],
  ["K\x05q\x01K\x06q\0K\x07q\x01h\0h\x01\x86.", { tuple: [6, 7] }],
  ["K\x05q\x02K\x06\x94h\x01\x85.", { tuple: [6] }],
  ["cm\nC\n.", { name: "m.C" }],
  ["c__builtin__\nset\n.", { name: "builtins.set" }],
  ["U\x01mU\x01C\x93.", { name: "m.C" }],
  ["(K\x01im\nf\n.", ["f", 1]],
  ["(cm\nf\nK\x01o.", ["f", 1]],
  ["cm\nf\nK\x01\x85R.", ["f", 1]],
  ["cm\nf\nK\x01\x85\x81.", ["f", 1]],
  ["cm\nC\nK\x01\x85R.", record({ args: [1] })],
  ["cm\nC\n)}\x92.", record({ state: { dict: [] } })],
  ["cm\nC\n)RK\x05b.", record({ state: 5 })],
  ["cm\nC\n)RK\x01a(K\x02e.", record({ items: [1, 2] })],
  ["cm\nC\n)RK\x01K\x02s.", record({ members: { dict: [[1, 2]] } })],
  ["cm\nC\n)Rq\x00K\x05bh\x00\x86.", {
    tuple: [record({ state: 5 }), record({ state: 5 })],
  }],
  ["K\x05Q.", ["outside", 5]],
  ["Pid\n.", ["outside", "id"]],
];

Deno.test("each operation of protocols 0 to 5", () => {
  for (const [pickle, value] of pickles) {
    const found = read(pickle);
    assertEquals(plain(found.value), value, JSON.stringify(pickle));
    assertEquals(found.end, pickle.length);
  }
});

Deno.test("every cut of a pickle is told from one that is wrong", () => {
  for (const [pickle] of pickles) {
    for (let length = 0; length < pickle.length; length++) {
      assertThrows(() => read(pickle.slice(0, length)), EarlyEnd);
    }
  }
});

Deno.test("another pickle may follow, and each name is told once", () => {
  const { value, end, names } = read("cm\nC\ncm\nC\ncos\nsystem\n\x87.K\x02.");
  assertEquals((value as PickledTuple).items.length, 3);
  assertEquals(end, 23);
  assertEquals([...names.keys()], ["m.C", "os.system"]);
});

Deno.test("a state for what is no record goes to the caller", () => {
  builds.length = 0;
  read("]K\x01b.");
  assertEquals(builds, [[[], 1]]);
});

const refused: [pickle: string, rule: string][] = [
  ["\x80\x06N.", "the protocol must be at most 5"],
  ["\x82\x01.", "an operation of protocols 0 to 5"],
  ["\x97.", "an operation of protocols 0 to 5"],
  ["\x98.", "an operation of protocols 0 to 5"],
  [".", "a value must be on the stack"],
  ["0.", "a value must be on the stack"],
  ["(.", "a value must be on the stack"],
  ["2.", "a value must be on the stack"],
  ["K\x01\x86.", "a value must be on the stack"],
  ["(K\x01\x86.", "a value must be on the stack"],
  ["K\x01(\x86.", "a value must be on the stack"],
  ["t.", "a mark must be on the stack"],
  ["1.", "a mark must be on the stack"],
  ["h\x01.", "in the memo"],
  ["q\x01.", "a value must be on the stack"],
  [")K\x01a.", "to a list, a set or an object"],
  ["}K\x01a.", "to a list, a set or an object"],
  ["]K\x01K\x02s.", "to a dictionary"],
  ["U\x01aK\x01K\x02s.", "to a dictionary"],
  ["}(K\x01u.", "to a dictionary"],
  ["(K\x01d.", "to a dictionary"],
  ["K\x01U\x01a\x93.", "must be strings"],
  ["cm\nf\nK\x01R.", "arguments must be a tuple"],
  ["cm\nf\n]R.", "arguments must be a tuple"],
  ["I\n.", "1 to 600 digits"],
  ["I1x\n.", "1 to 600 digits"],
  [`I${"1".repeat(601)}\n.`, "1 to 600 digits"],
  [`\x8b\x01\x01\0\0${"\0".repeat(257)}.`, "at most 256 bytes"],
  [`V${"a".repeat(2 ** 16)}\n.`, "a line must have fewer than 65536 bytes"],
  ["N".repeat(2 ** 20 + 1), "at most 1048576 values"],
];

Deno.test("what is no pickle is refused by its rule", () => {
  for (const [pickle, rule] of refused) {
    const error = assertThrows(() => read(pickle), SyntaxError, rule);
    assert(!(error instanceof EarlyEnd), JSON.stringify(pickle));
    assert(/^Cannot test: .* must .*, got ./s.test(error.message));
  }
});

Deno.test("lengths are compared with what is left before any memory is taken", () => {
  for (const code of ["X", "T", "B"]) {
    assertThrows(
      () => read(`${code}\xff\xff\xff\xff.`),
      EarlyEnd,
      "4294967295 bytes must follow, got 1",
    );
  }
  for (const code of ["\x8d", "\x8e", "\x96"]) {
    assertThrows(
      () => read(`${code}${number(2 ** 50, 8)}.`),
      EarlyEnd,
      `${2 ** 50} bytes must follow`,
    );
  }
});

Deno.test("a name that comes a million times counts as one", () => {
  assertEquals(read(`${"cm\nC\n0".repeat(1_000_000)}N.`).value, null);
});

/** Pickles of a few bytes for each value, which take many. */
const bombs: [what: string, start: string, repeated: string, times: number][] =
  [
    ["None in a list", "]", `(${"N".repeat(1000)}e`, 20_000],
    ["integers in a dictionary", "}", "(J1234K\x01u", 5_000_000],
    ["lists of one", "](", "]K\x01a0", 1_000_000],
    ["dictionaries of one", "](", "}NNs0", 1_000_000],
    ["records", "](", "cm\nC\n)R0", 500_000],
    ["a memo", "N", "\x94", 20_000_000],
    ["a memo from 1 on", "Nq\x01", "\x94", 20_000_000],
    ["marks", "", "(1", 20_000_000],
  ];

for (const [what, start, repeated, times] of bombs) {
  Deno.test(`a bomb of ${what} is refused`, () => {
    const unit = bytesIn(repeated);
    const bytes = new Uint8Array(start.length + unit.length * times);
    bytes.set(bytesIn(start));
    bytes.set(unit, start.length);
    // Doubles what is there.
    for (let done = unit.length; done < unit.length * times; done *= 2) {
      bytes.copyWithin(start.length + done, start.length, start.length + done);
    }
    const meanings = {
      call: () => undefined,
      build: () => {},
      outside: (id: unknown) => id,
    };
    assertThrows(
      () => unpickle("test", bytes, meanings),
      SyntaxError,
      "its values must take at most 134217728 bytes",
    );
  });
}
