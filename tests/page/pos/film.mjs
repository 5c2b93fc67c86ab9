// A film of a barcode, for Chromium's fake camera: an EAN-13 as every scanner knows it, in the middle of a white picture.

const [WIDTH, HEIGHT, MODULE, PICTURES] = [640, 480, 4, 2];
/** The left-hand digits with an odd number of dark modules; the others are these, turned over. */
const ODD = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
const inverted = (code) => code.replaceAll(/[01]/g, (bit) => (bit === "0" ? "1" : "0"));
const RIGHT = ODD.map(inverted);
const EVEN = RIGHT.map((code) => [...code].reverse().join(""));
/** Which of the left six are odd: that is how the first digit is written. */
const FIRST = ["OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO"];

function modules(code) {
  const [first, ...digits] = [...code].map(Number);
  const left = digits.slice(0, 6).map((digit, at) => (FIRST[first][at] === "O" ? ODD : EVEN)[digit]);
  const right = digits.slice(6).map((digit) => RIGHT[digit]);
  return `101${left.join("")}01010${right.join("")}101`;
}

/** YUV4MPEG2 with a few equal pictures; the browser shows them over and over. */
export function ean13Film(code) {
  const bits = modules(code);
  const from = Math.floor((WIDTH - bits.length * MODULE) / 2);
  const row = Buffer.alloc(WIDTH, 235);
  [...bits].forEach((bit, at) => { if (bit === "1") row.fill(16, from + at * MODULE, from + (at + 1) * MODULE); });
  const white = Buffer.alloc(WIDTH, 235);
  const luma = Buffer.concat(Array.from({ length: HEIGHT }, (_, y) => (y > 90 && y < HEIGHT - 90 ? row : white)));
  const picture = Buffer.concat([Buffer.from("FRAME\n"), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420mpeg2\n`), ...Array(PICTURES).fill(picture)]);
}
