// The device's key: made here, never leaves, signs every entry and every request.

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;

export interface NewKey {
  key: CryptoKey;
  /** As a JWK, for the edge. */
  public: { kty: "EC"; crv: "P-256"; x: string; y: string };
}

export async function makeKey(): Promise<NewKey> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  if (x === undefined || y === undefined) throw new Error("a public key without a point");
  return { key: pair.privateKey, public: { kty: "EC", crv: "P-256", x, y } };
}

/** `r || s`, base64url. */
export async function sign(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.sign(SIGNATURE, key, bytes)));
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function hashText(text: string): Promise<string> {
  return sha256(encode(text));
}

export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
