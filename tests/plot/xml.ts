/**
 * A strict reader of the XML that the SVG writer writes: every mistake throws.
 *
 * @module
 */

/** An element. */
export class Node {
  /** The elements in it. */
  readonly children: Node[] = [];
  /** All text in it. */
  text = "";

  constructor(
    readonly tag: string,
    readonly attributes: Readonly<Record<string, string>>,
  ) {}

  /** Whether it has an attribute. */
  has(attribute: string): boolean {
    return attribute in this.attributes;
  }

  /** It and its descendants of a tag, in order. */
  all(tag: string): Node[] {
    const own = this.tag === tag ? [this] : [];
    return [...own, ...this.children.flatMap((child) => child.all(tag))];
  }
}

/** Returns the root of a document. */
export function parseXml(text: string): Node {
  const root = new Node("", {});
  const open = [root];
  const token = /<(\/?)([a-z]+)((?: [\w:-]+="[^"<>]*")*)(\/?)>|([^<>]+)/gy;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new SyntaxError(text.slice(at, at + 60));
    const [, closing, tag, attributes, empty, words] = match;
    if (words !== undefined) {
      for (const node of open) node.text += decode(words);
    } else if (closing === "/") {
      if (open.pop()!.tag !== tag) throw new SyntaxError(`</${tag}>`);
    } else {
      const node = new Node(tag, attributesOf(attributes));
      open.at(-1)!.children.push(node);
      if (empty === "") open.push(node);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) {
    throw new SyntaxError("not one element");
  }
  return root.children[0];
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([\w:-]+)="([^"]*)"/g)];
  const names = pairs.map(([, name]) => name);
  if (new Set(names).size < names.length) throw new SyntaxError(text);
  return Object.fromEntries(
    pairs.map(([, name, value]) => [name, decode(value)]),
  );
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d+);)?/g, (whole, code) => {
    if (code === undefined) throw new SyntaxError(text);
    return whole === "" ? "" : String.fromCodePoint(Number(code));
  });
}
