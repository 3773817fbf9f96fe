import { assertEquals, assertThrows } from "@std/assert";
import { nn } from "../../mod.ts";

class Holder extends nn.Module {
  fc = new nn.Linear(2, 3);
  inner?: nn.Module;
}

/** Returns modules that hold themselves, at once or through another. */
function cycles(): Holder[] {
  const [self, one, two] = [new Holder(), new Holder(), new Holder()];
  self.inner = self;
  one.inner = two;
  two.inner = one;
  return [self, one];
}

Deno.test("a module that holds itself is refused where it is found", () => {
  for (const module of cycles()) {
    const acts = [
      () => module.namedParameters(),
      () => module.namedBuffers(),
      () => module.modules(),
      () => module.stateDict(),
      () => module.clone(),
      () => module.apply(() => {}),
      () => String(module),
      () => String(new nn.Sequential(module)),
      () => new nn.Sequential().addModule("0", module),
    ];
    for (const act of acts) {
      assertThrows(act, TypeError, "no module must hold itself");
    }
  }
});

Deno.test("a module is not added to itself or to one that it holds", () => {
  const [outer, inner] = [new Holder(), new Holder()];
  outer.inner = inner;
  const message = "the module must not hold the one it is added to";
  assertThrows(() => outer.addModule("again", outer), TypeError, message);
  assertThrows(() => inner.addModule("outer", outer), TypeError, message);
  assertEquals(inner.children(), [inner.fc]);
});
