import { describe, expect, it } from "vitest";
import type { LoggedEntry } from "../../src/api/types";
import { canonical, entryHash, isSigned, readKey, readProof, rootOf, verify } from "../../src/views/audit/verification";
import recording from "../fixtures/demo.json?raw";

const recorded = JSON.parse(recording) as Record<string, { body: { entry: LoggedEntry; proof: string; key: string } }>;
const { entry: shown, proof: text } = Object.entries(recorded).find(([call]) => call.endsWith("/proof"))?.[1].body ?? {
  entry: {} as LoggedEntry,
  proof: "",
};
const key = recorded["GET /audit-logs/checkpoint"]?.body.key ?? "";
const all = { same: true, content: true, included: true, signed: true };

const bytes = (digits: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const digits = (of: Uint8Array | null): string => Buffer.from(of ?? []).toString("hex");
async function sha256(...parts: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", Buffer.concat(parts)));
}

describe("the canonical form", () => {
  it("is that of RFC 8785", () => {
    // Section 3.2.2 and 3.2.3 of the RFC.
    expect(canonical(JSON.parse('{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]}'))).toBe(
      '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
    );
    expect(canonical({ "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 })).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    );
    expect(canonical({ b: [null, true], a: { d: "\u000f", c: -0 } })).toBe(
      '{"a":{"c":0,"d":"\\u000f"},"b":[null,true]}',
    );
  });
});

describe("a proof of the API", () => {
  it("is verified step by step", async () => {
    expect((await verify(shown, text, key)).steps).toEqual(all);
  });

  it("does not hold for another content that is shown", async () => {
    const other = { ...shown, entry: { ...shown.entry, actor: "somebody else" } };
    expect((await verify(other, text, key)).steps).toEqual({ ...all, same: false });
  });

  it("does not hold for an entry that was edited in the proof too, whatever hash it claims", async () => {
    const { logged } = readProof(text);
    const edited = { ...logged, entry: { ...logged.entry, actor: "somebody else" } };
    const written = (of: LoggedEntry): string =>
      text.replace(/^extra .*$/m, `extra ${Buffer.from(canonical(of)).toString("base64")}`);
    expect((await verify(edited, written(edited), key)).steps).toMatchObject({ content: false, included: false });
    const rehashed = { ...edited, hash: await entryHash(edited) };
    expect((await verify(rehashed, written(rehashed), key)).steps).toEqual({ ...all, included: false });
  });

  it("does not hold at another place, with another size, root or step", async () => {
    const [head = "", body = "", signed = ""] = text.split("\n\n");
    const [origin = "", size = "", root = ""] = body.split("\n");
    const with_ = (changed: string): string => [head, changed, signed].join("\n\n");
    const larger = with_(`${origin}\n${Number(size) * 2}\n${root}`);
    expect((await verify(shown, larger, key)).steps).toEqual({ ...all, included: false, signed: false });
    const elsewhere = with_(`${origin}\n${size}\n${Buffer.alloc(32).toString("base64")}`);
    expect((await verify(shown, elsewhere, key)).steps).toEqual({ ...all, included: false, signed: false });
    const lines = head.split("\n");
    const shorter = [lines.slice(0, -1).join("\n"), body, signed].join("\n\n");
    expect((await verify(shown, shorter, key)).steps).toEqual({ ...all, included: false });
  });

  it("does not hold with another key, even one of the same name", async () => {
    const other = new Uint8Array(33).fill(7);
    other[0] = 1;
    const name = key.split("+")[0] ?? "";
    const id = digits((await sha256(Buffer.from(`${name}\n`), other)).slice(0, 4));
    const theirs = `${name}+${id}+${Buffer.from(other).toString("base64")}`;
    expect((await verify(shown, text, theirs)).steps).toEqual({ ...all, signed: false });
    await expect(readKey(key.replace(/\+.{8}\+/, "+00000000+"))).rejects.toThrow(
      "The key's id is not that of the key.",
    );
  });

  it("cannot be told signed where the browser has no Ed25519, and that is no success", async () => {
    const proof = readProof(text);
    const { importKey } = crypto.subtle;
    crypto.subtle.importKey = (() => Promise.reject(new DOMException("", "NotSupportedError"))) as typeof importKey;
    try {
      expect(await isSigned(proof, await readKey(key))).toBeNull();
    } finally {
      crypto.subtle.importKey = importKey;
    }
  });

  it.each(["", "c2sp.org/tlog-proof@v1\n\n\n", "x".repeat(99)])("is refused when it is none: %j", (wrong) => {
    expect(() => readProof(wrong)).toThrow("This is no proof of an entry.");
  });
});

describe("inclusion", () => {
  /** RFC 6962, section 2.1: the definition, without any cleverness. */
  async function root(leaves: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
    const [only] = leaves;
    if (leaves.length === 1 && only) return only;
    const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
    return sha256(Uint8Array.of(1), await root(leaves.slice(0, split)), await root(leaves.slice(split)));
  }

  async function path(index: number, leaves: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>[]> {
    if (leaves.length === 1) return [];
    const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
    const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
    return index < split
      ? [...(await path(index, left)), await root(right)]
      : [...(await path(index - split, right)), await root(left)];
  }

  it("holds for every leaf of every tree of up to 33 leaves, and for no other place", async () => {
    const leaves = await Promise.all(
      Array.from({ length: 33 }, (_, one) => sha256(bytes("00"), Buffer.from(`${one}`))),
    );
    for (let size = 1; size <= leaves.length; size += 1) {
      const tree = leaves.slice(0, size);
      const top = digits(await root(tree));
      for (const [index, leaf] of tree.entries()) {
        const steps = await path(index, tree);
        expect(digits(await rootOf(leaf, index, size, steps))).toBe(top);
        if (size > 1) expect(digits(await rootOf(leaf, (index + 1) % size, size, steps))).not.toBe(top);
        expect(await rootOf(leaf, index, size, [...steps, leaf])).toBeNull();
      }
    }
  });

  it("is right beyond 32 bits", async () => {
    const size = 2 ** 33 + 1;
    const leaf = bytes("aa".repeat(32));
    const peak = bytes("bb".repeat(32));
    expect(digits(await rootOf(leaf, size - 1, size, [peak]))).toBe(digits(await sha256(Uint8Array.of(1), peak, leaf)));
  });
});
