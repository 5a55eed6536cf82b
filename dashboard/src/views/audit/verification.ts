/**
 * Whether an entry is in the trail, computed here: nothing of it is believed but the hashes and the log's key.
 *
 * RFC 8785 (canonical JSON), RFC 9162 section 2.1.3.2 (inclusion), C2SP tlog-proof, tlog-checkpoint and signed-note.
 */

import type { LoggedEntry } from "../../api/types";

/** What is wrong with a proof, in one sentence. */
export class ProofError extends Error {}

export interface Key {
  readonly name: string;
  /** Four bytes by which a signature names the key, in hexadecimal digits. */
  readonly id: string;
  readonly bytes: Bytes;
}

export interface Proof {
  readonly index: number;
  readonly logged: LoggedEntry;
  readonly steps: readonly Bytes[];
  /** The text that is signed. */
  readonly checkpoint: string;
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly signatures: readonly { readonly name: string; readonly id: string; readonly bytes: Bytes }[];
}

type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const HEADER = "c2sp.org/tlog-proof@v1";
const ED25519 = 1;
const GENESIS = "0".repeat(64);

/** The one form in which a JSON value is hashed. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  // Sorted by UTF-16 code units, as `sort` does.
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, of]) => `${JSON.stringify(name)}:${canonical(of)}`).join(",")}}`;
}

/** The hash that an entry has to carry in its place. */
export async function entryHash({ index, entry, previous, salt }: LoggedEntry): Promise<string> {
  if (!salt) return hex(await sha256(encoder.encode(canonical({ entry, index, previous }))));
  const content = hex(await sha256(fromHex(salt), encoder.encode(canonical(entry))));
  return hex(await sha256(encoder.encode(`{"content":"${content}","index":${index},"previous":"${previous}"}`)));
}

/** The root of the tree in which a leaf is at an index, as the proof has it; null: the proof has not that many steps. */
export async function rootOf(leaf: Bytes, index: number, size: number, steps: readonly Bytes[]): Promise<Bytes | null> {
  // No bit operators: they cut numbers at 32 bits.
  let [node, last, found] = [index, size - 1, leaf];
  const up = (): void => {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  };
  for (const step of steps) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      found = await sha256(Uint8Array.of(1), step, found);
      while (node % 2 === 0 && node > 0) up();
    } else found = await sha256(Uint8Array.of(1), found, step);
    up();
  }
  return last === 0 ? found : null;
}

/** Reads the text of a `.tlog-proof` file; nothing is verified yet. */
export function readProof(text: string): Proof {
  const [head = "", ...rest] = text.split("\n\n");
  const lines = head.split("\n");
  const [header, extra = "", place = "", ...steps] = lines;
  if (header !== HEADER || !extra.startsWith("extra ") || !/^index \d{1,15}$/.test(place) || rest.length !== 2)
    throw new ProofError("This is no proof of an entry.");
  const [body = "", signed = ""] = rest;
  const [origin = "", size = "", root = ""] = body.split("\n");
  const content = new TextDecoder("utf-8", { fatal: true }).decode(fromBase64(extra.slice("extra ".length)));
  const logged = JSON.parse(content) as LoggedEntry;
  const index = Number(place.slice("index ".length));
  if (canonical(logged) !== content || logged.index !== index || !/^[1-9]\d{0,14}$/.test(size))
    throw new ProofError("The proof contradicts itself.");
  return {
    index,
    logged,
    steps: steps.map(fromBase64),
    checkpoint: `${body}\n`,
    origin,
    size: Number(size),
    root: fromBase64(root),
    signatures: signed
      .split("\n")
      .filter((line) => line !== "")
      .map(readSignature),
  };
}

function readSignature(line: string): Proof["signatures"][number] {
  const [, name = "", encoded = ""] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (bytes.length < 5) throw new ProofError("A signature is damaged.");
  return { name, id: hex(bytes.slice(0, 4)), bytes: bytes.slice(4) };
}

/** Reads a verifier key, `name+id+base64`, whose id has to be right. */
export async function readKey(text: string): Promise<Key> {
  const [, name = "", id = "", encoded = ""] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  const typed = fromBase64(encoded);
  if (typed.length !== 33 || typed[0] !== ED25519) throw new ProofError("This is no Ed25519 verifier key.");
  const named = hex((await sha256(encoder.encode(`${name}\n`), typed)).slice(0, 4));
  if (named !== id) throw new ProofError("The key's id is not that of the key.");
  return { name, id, bytes: typed.slice(1) };
}

/** Whether the log's key signed the checkpoint; null: this browser cannot tell. */
export async function isSigned(proof: Proof, key: Key): Promise<boolean | null> {
  const own = proof.signatures.filter((one) => one.name === key.name && one.id === key.id);
  if (proof.origin !== key.name || own.length === 0) return false;
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey("raw", key.bytes, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return null;
  }
  const signed = encoder.encode(proof.checkpoint);
  for (const one of own) {
    if (!(await crypto.subtle.verify({ name: "Ed25519" }, imported, one.bytes, signed))) return false;
  }
  return true;
}

export type Step = "same" | "content" | "included" | "signed";

export interface Verified {
  readonly proof: Proof;
  readonly key: string;
  /** Of each step whether it holds; null: it could not be told. */
  readonly steps: Readonly<Record<Step, boolean | null>>;
}

/** Everything that has to hold for the entry that is shown to be one of the trail. */
export async function verify(shown: LoggedEntry, proofText: string, keyText: string): Promise<Verified> {
  const proof = readProof(proofText);
  const { logged } = proof;
  const key = await readKey(keyText);
  const hashed = await entryHash(logged);
  const leaf = await sha256(Uint8Array.of(0), fromHex(hashed));
  const root = proof.index < proof.size ? await rootOf(leaf, proof.index, proof.size, proof.steps) : null;
  return {
    proof,
    key: keyText.trim(),
    steps: {
      same: logged.index === shown.index && canonical(logged.entry) === canonical(shown.entry),
      content: hashed === logged.hash && (logged.index > 0 || logged.previous === GENESIS),
      included: root !== null && hex(root) === hex(proof.root),
      signed: await isSigned(proof, key),
    },
  };
}

async function sha256(...parts: readonly Bytes[]): Promise<Bytes> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

export function hex(bytes: Bytes): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new ProofError("A hash is damaged.");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Base64 in its one spelling. */
function fromBase64(text: string): Bytes {
  try {
    const plain = atob(text);
    if (btoa(plain) === text) return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  } catch {
    // told below
  }
  throw new ProofError("The proof is damaged.");
}
