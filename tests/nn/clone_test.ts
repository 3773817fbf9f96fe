import { assert, assertEquals, assertThrows } from "@std/assert";
import { filledBy, Generator, init, nn, tensor } from "../../mod.ts";

class Counter extends nn.Module {
  #calls = 0;
  fc = new nn.Linear(2, 3);
  note = "first";

  count(): number {
    return this.#calls += 1;
  }
}

class Outer extends nn.Module {
  first = new nn.Linear(1, 1);
  counter = new Counter();
  tied = this.first.weight;
}

Deno.test("a copy goes into a fresh instance, whose private members are its own", () => {
  const net = new Counter();
  net.count();
  net.note = "second";
  const fresh = new Counter();
  const { fc } = fresh;
  const { weight } = fc;
  const copy = net.clone(fresh);
  assert(copy === fresh);
  assertEquals(copy.count(), 1);
  assertEquals(copy.note, "second");
  // What the constructor made is filled in place: private members may hold it.
  assert(copy.fc === fc && copy.fc.weight === weight);
  assert(copy.fc.weight.equals(net.fc.weight));
  assert(copy.fc.weight.data !== net.fc.weight.data);
  assertEquals(filledBy(copy.fc.weight), filledBy(net.fc.weight));
});

Deno.test("a copy into a fresh instance ties what was tied, by name", () => {
  const net = new Outer();
  net.counter.fc.weight = net.counter.fc.weight.reshape([3, 2]);
  const copy = net.clone(new Outer());
  assertEquals(Object.keys(copy.stateDict()), Object.keys(net.stateDict()));
  assert(copy.tied === copy.first.weight);
  assertEquals(copy.counter.count(), 1);
  for (const [name, value] of Object.entries(net.stateDict())) {
    const other = copy.stateDict()[name];
    assert(other !== value && other.equals(value), name);
  }
});

Deno.test("a copy has the original's fields where the constructor's do not fit", () => {
  class Net extends nn.Module {
    table: nn.Module;
    weight = tensor([1, 2]);
    constructor(width: number) {
      super();
      this.table = new nn.Linear(width, 1);
    }
  }
  const net = new Net(3);
  net.weight = tensor([1, 2, 3]);
  net.addModule("later", new nn.ReLU());
  net.registerBuffer("steps", tensor([4]));
  const fresh = new Net(3);
  fresh.addModule("other", new nn.Tanh());
  fresh.table = new nn.Conv1d(3, 1, 1);
  assertThrows(
    () => net.clone(fresh),
    TypeError,
    "Cannot clone Net: into must have the same tensors: weight is float32 [2] in place of float32 [3], steps is missing in place of float32 [1], … 1 more",
  );
  fresh.table = new nn.Linear(3, 1);
  fresh.weight = tensor([7, 8, 9]);
  fresh.registerBuffer("steps", tensor([5]));
  const copy = net.clone(fresh);
  assertEquals(copy.weight.toArray(), [1, 2, 3]);
  assertEquals(String(copy), String(net));
  assertEquals(Object.keys(copy), Object.keys(net));
  assertEquals(copy.namedBuffers().map(([name]) => name), ["steps"]);
  copy.weight.data.fill(0);
  assertEquals(net.weight.toArray(), [1, 2, 3]);
});

Deno.test("an instance that shares a module or a tensor is not copied into", () => {
  class Head extends nn.Module {
    constructor(readonly body: nn.Linear) {
      super();
    }
  }
  const net = new Head(new nn.Linear(2, 2));
  const shares = "into must share nothing with the original, got";
  assertThrows(
    () => net.clone(new Head(net.body)),
    TypeError,
    `${shares} body of both`,
  );
  const other = new Head(new nn.Linear(2, 2));
  other.body.bias = net.body.bias;
  assertThrows(
    () => net.clone(other),
    TypeError,
    `${shares} body.bias of both`,
  );
  const copy = net.clone(new Head(new nn.Linear(2, 2)));
  init.zeros(copy.body.weight);
  assert(net.body.weight.toFloat32().some((value) => value !== 0));
});

Deno.test("a class with private members is not copied without an instance", () => {
  const error = assertThrows(
    () => new Counter().clone(),
    TypeError,
    "Cannot clone Counter: Counter has #private members and must be copied into a new instance: counter.clone(new Counter())",
  );
  assert(error.message.length <= 400);
  assertThrows(
    () => new Outer().clone(),
    TypeError,
    "Cannot clone Outer: Counter (at counter) has #private members and must be copied into a new instance: outer.clone(new Outer())",
  );
  class Deeper extends Counter {}
  assertThrows(() => new Deeper().clone(), TypeError, "new Deeper()");
  assertThrows(
    () => new nn.TransformerEncoder(new Counter(), 2),
    TypeError,
    "#private",
  );
  const row = new nn.Sequential(new Counter());
  const copy = row.clone(new nn.Sequential(new Counter()));
  assertEquals((copy.at(0) as Counter).count(), 1);
});

Deno.test("an instance to copy into is another one of the same class", () => {
  const net = new nn.Linear(2, 3);
  for (const into of [net, new nn.ReLU(), {}, null, class {}]) {
    assertThrows(
      () => net.clone(into as never),
      TypeError,
      "into must be a fresh Linear",
    );
  }
  class Net extends nn.Linear {}
  assertThrows(() => net.clone(new Net(2, 3)), TypeError, "fresh Linear");
  for (
    const [into, fault] of [
      [
        new nn.Linear(5, 3),
        "weight is float32 [3, 5] in place of float32 [3, 2]",
      ],
      [
        new nn.Linear(2, 3, { bias: false }),
        "bias is missing in place of float32 [3]",
      ],
      [
        new nn.Linear(2, 3, { dtype: "float16" }),
        "weight is float16 [3, 2] in place of float32 [3, 2]",
      ],
    ] as const
  ) assertThrows(() => net.clone(into), TypeError, fault);
  const copy = net.clone(new nn.Linear(2, 3));
  assertEquals([copy.inFeatures, copy.weight.dtype], [2, "float32"]);
  copy.resetParameters({ generator: new Generator(1) });
  assertEquals(copy.weight.size(), [3, 2]);
});

Deno.test("#names in strings, comments and patterns are no private members", () => {
  class Plain extends nn.Module {
    static #made = 0;
    static get #double() {
      return 2 * Plain.#made;
    }
    color = "#fff"; // #comment
    /* #comment = 1; */
    text = `#a ${`#b ${"}"} #c`} { #d`;
    pattern = /[/#}"]#name;\/#x/u;
    quotient = 6 / 2 / 1;
    ["#computed"] = 1;
    method(value: string) {
      if (value) /"#{/.test(value);
      const half = (1 + 2) / 2, name = { "#a": half };
      return `${value}#b` + name["#a"] + this.quotient++ / 2;
    }
    static {
      Plain.#made = 0 / Plain.#double;
    }
  }
  assertEquals(new Plain().clone().color, "#fff");
});

Deno.test("private members of every kind are found", () => {
  const classes = [
    class extends nn.Module {
      #field = 1;
      get() {
        return this.#field;
      }
    },
    class extends nn.Module {
      pattern = /[{"'`]/;
      last = 1;
      #method() {}
      get() {
        return this.#method();
      }
    },
    class extends nn.Module {
      method() {
        return `${{ a: "}" }.a}`;
      }
      get #value() {
        return 1;
      }
      get() {
        return this.#value;
      }
    },
    class extends nn.Module {
      static made = 0;
      async *#values() {
        yield 1;
      }
      get() {
        return this.#values();
      }
    },
  ];
  for (const Private of classes) {
    assertThrows(() => new Private().clone(), TypeError, "#private");
  }
});
