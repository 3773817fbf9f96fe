import { assertEquals, assertNotEquals } from "@std/assert";
import { jumpCode, kernelCode } from "../../lib/numerics/kernels/code.ts";
import { compiledJump, offerJump } from "../../lib/numerics/kernels/jump.ts";
import {
  type KernelName,
  offerKernels,
} from "../../lib/numerics/kernels/kernel.ts";
import { degree, jump, type Polynomial } from "../../lib/random/torch/jump.ts";
import { Generator } from "../../mod.ts";
import { otherJumpCode } from "./other_jump_code.ts";
import { withKernel } from "./with_kernel.ts";

const stateLength = 624;
const dice = new Generator(3);

function randomWords(): Uint32Array {
  const words = new Uint32Array(stateLength);
  dice.fillWords(words);
  return words;
}

/** Makes a polynomial of some terms. */
function polynomialOf(exponents: Iterable<number>): Polynomial {
  const polynomial = new Int32Array(stateLength);
  for (const k of exponents) polynomial[k >>> 5] |= 1 << (k & 31);
  return polynomial;
}

function randomPolynomial(): Polynomial {
  const polynomial = new Int32Array(randomWords().buffer as ArrayBuffer);
  polynomial[stateLength - 1] &= 2 ** (degree % 32) - 1;
  return polynomial;
}

/** The words that a jump makes of some, by a kernel. */
function jumped(
  kernel: KernelName,
  polynomial: Polynomial,
  words: Uint32Array,
): Uint32Array {
  const twister = { state: words.slice(), position: 0 };
  withKernel(kernel, () => jump(twister, { polynomial, position: 5 }));
  assertEquals(twister.position, 5);
  return twister.state;
}

function assertSame(polynomial: Polynomial, words: Uint32Array): void {
  assertEquals(
    jumped("simd", polynomial, words),
    jumped("typescript", polynomial, words),
  );
}

Deno.test("compiled jumps make the words of TypeScript: one term", () => {
  const words = randomWords();
  const exponents = [0, 1, 2, 3, 4, 7, 8, 11, 12, 15, 16, 17, 31, 32, 33, 226];
  exponents.push(227, 396, 397, 622, 623, 624, 9999, 19919, 19920, 19935);
  for (const k of [...exponents, degree - 1]) {
    assertSame(polynomialOf([k]), words);
  }
});

Deno.test("compiled jumps make the words of TypeScript: any terms", () => {
  for (let i = 0; i < 100; i++) assertSame(randomPolynomial(), randomWords());
});

Deno.test("compiled jumps make the words of TypeScript: none or all", () => {
  const polynomials = [[], Array(degree).keys()].map(polynomialOf);
  const zeros = new Uint32Array(stateLength);
  const ones = zeros.map(() => 2 ** 32 - 1);
  for (const polynomial of polynomials) {
    for (const words of [zeros, ones, randomWords()]) {
      assertSame(polynomial, words);
    }
  }
  assertEquals(jumped("simd", polynomials[0], ones), zeros);
});

Deno.test("the compiled code takes a state ahead, unless TypeScript is chosen", () => {
  const [polynomial, words] = [randomPolynomial(), randomWords()];
  const expected = jumped("typescript", polynomial, words);
  try {
    offerJump(otherJumpCode);
    assertNotEquals(jumped("simd", polynomial, words), expected);
    assertNotEquals(jumped("relaxed-simd", polynomial, words), expected);
    assertEquals(jumped("typescript", polynomial, words), expected);
  } finally {
    offerJump(jumpCode);
  }
  assertEquals(jumped("simd", polynomial, words), expected);
});

Deno.test("without compiled code for it, a jump makes the same words", () => {
  const [polynomial, words] = [randomPolynomial(), randomWords()];
  const expected = jumped("typescript", polynomial, words);
  try {
    offerJump(btoa("no WebAssembly"));
    withKernel("simd", () => assertEquals(compiledJump(), undefined));
    assertEquals(jumped("simd", polynomial, words), expected);
  } finally {
    offerJump(jumpCode);
  }
});

Deno.test("where no kernel runs, none takes a state ahead", () => {
  const broken = btoa("no WebAssembly");
  try {
    offerKernels({ "simd": broken, "relaxed-simd": broken });
    assertEquals(compiledJump(), undefined);
  } finally {
    offerKernels(kernelCode);
  }
});
