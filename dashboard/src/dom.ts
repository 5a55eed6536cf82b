/** Building elements. Text only ever becomes a text node, so nothing that is stored can become markup. */

export type Child = Node | string | number | null | undefined | false | readonly Child[];

type Handler = (event: Event) => void;
type Value = string | number | boolean | null | undefined | Handler;
export type Properties = Readonly<Record<string, Value>>;

const SVG = "http://www.w3.org/2000/svg";

function append(parent: Element, child: Child): void {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) {
    for (const one of child) append(parent, one);
    return;
  }
  parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
}

function configure(element: Element, properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2).toLowerCase(), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** An HTML element. Properties are attributes; a function under `onClick` is a listener of `click`. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  configure(element, properties);
  append(element, children);
  return element;
}

/** An SVG element. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  configure(element, properties);
  append(element, children);
  return element;
}

/** A link that can only lead where we mean: within the page, or to http(s). Other addresses become plain text. */
export function link(href: string, properties: Properties, ...children: Child[]): HTMLElement {
  const safe = href.startsWith("#/") || /^https?:\/\//i.test(href);
  return safe ? h("a", { ...properties, href }, ...children) : h("span", properties, ...children);
}

/** A machine's name that may break after an underscore, not within a word. */
export function breakable(name: string): Child {
  return name.split(/(?<=_)/).flatMap((part, index) => (index ? [h("wbr"), part] : [part]));
}

let counter = 0;

/** An id that is new in this page; for labels and descriptions. */
export function freshId(prefix: string): string {
  counter += 1;
  return `${prefix}-${counter}`;
}

export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}
