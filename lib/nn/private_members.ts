/**
 * Finds out whether a class has `#private` members. JavaScript neither lists
 * nor copies them from outside, so this reads the source text of the class.
 *
 * @module
 */

const found = new WeakMap<object, boolean>();

/**
 * Returns whether the class of an object, or one that it extends, declares a
 * `#private` member of its instances.
 *
 * @param value The object.
 * @param base The class at which the search ends.
 */
export function hasPrivateMembers(value: object, base: object): boolean {
  let each: unknown = value.constructor;
  while (typeof each === "function" && each !== base) {
    let declares = found.get(each);
    if (declares === undefined) {
      declares = declaresPrivate(Function.prototype.toString.call(each));
      found.set(each, declares);
    }
    if (declares) return true;
    each = Object.getPrototypeOf(each);
  }
  return false;
}

/** Skipped: white space and comments. */
const blank = /(?:\s|\/\/.*|\/\*[^]*?\*\/)*/y;

/** A name, a private name, a string or a number. */
const name = /[\p{ID_Start}$_\\][\p{ID_Continue}$\u200c\u200d\\]*/uy;
const hash = /#[\p{ID_Start}$_\\][\p{ID_Continue}$\u200c\u200d\\]*/uy;
const literal = /"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|\.?\d[\w.]*/y;

/** A regular expression; slashes in brackets do not end it. */
const pattern = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y;

/** A template up to its end or to the next value in it. */
const template = /(?:\\[^]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;

const mark = /\?\.|\+\+|--|[^]/uy;

/** Words after which a value follows, so a slash does not divide. */
const operators = new Set(
  "await case delete do else in instanceof new of return throw typeof void yield"
    .split(" "),
);

/** Words after which parentheses and then a statement follow. */
const heads = new Set(["if", "while", "for", "with"]);

/** Words between `static` and a member's name. */
const modifiers = new Set(["async", "*", "get", "set", "accessor"]);

/**
 * Returns whether the body of a class declares a `#name`. Static ones do not
 * count, since instances lack them.
 */
function declaresPrivate(text: string): boolean {
  let position = 0;
  const next = (expression: RegExp): string | undefined => {
    expression.lastIndex = position;
    const [token] = expression.exec(text) ?? [];
    if (token !== undefined) position = expression.lastIndex;
    return token;
  };
  /** The brackets that are open, and whether a value ends with each. */
  const open: { readonly bracket: string; readonly isValue: boolean }[] = [];
  let last = "";
  let isValue = false;
  let isStatic = false;
  for (next(blank); position < text.length; next(blank)) {
    const inBody = open.length === 1 && open[0].bracket === "{";
    const word = next(name);
    if (word !== undefined) {
      isValue = last === "." || last === "?." || !operators.has(word);
      isStatic = word === "static" || isStatic && modifiers.has(word);
      last = word;
      continue;
    }
    const declared = next(hash);
    if (declared !== undefined) {
      next(blank);
      const isUse = last === "." || last === "?." ||
        /^in\b/.test(text.slice(position, position + 3));
      if (inBody && !isUse && !isStatic) return true;
      [last, isValue, isStatic] = [declared, true, false];
      continue;
    }
    if (next(literal) ?? (isValue ? undefined : next(pattern))) {
      [last, isValue, isStatic] = ["value", true, false];
      continue;
    }
    const sign = next(mark)!;
    isStatic &&= modifiers.has(sign);
    const closed = ")]}".includes(sign) ? open.pop() : undefined;
    if (sign === "`" || closed?.bracket === "${") {
      const rest = next(template);
      if (rest?.endsWith("${")) open.push({ bracket: "${", isValue: true });
      isValue = rest?.endsWith("`") ?? false;
    } else if ("([{".includes(sign)) {
      const isHead = sign === "(" && heads.has(last);
      open.push({ bracket: sign, isValue: sign !== "{" && !isHead });
      isValue = false;
    } else isValue = closed?.isValue ?? (sign === "++" || sign === "--");
    last = sign;
  }
  return false;
}
