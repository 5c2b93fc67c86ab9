// A receipt on paper: a copy of what is on the screen, as wide as the roll and as long as it has to be, and nothing else.

const MILLIMETERS_PER_PIXEL = 25.4 / 96;
/** The roll is cut a little below the last line. */
const MARGIN_MM = 4;
const WIDTHS: Record<string, number> = { 32: 58, 48: 80 };

const page = new CSSStyleSheet();

/** From here on whatever prints the page prints the receipt that is open. */
export function listenForPrinting(): void {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, page];
  window.addEventListener("beforeprint", layOut);
  window.addEventListener("afterprint", () => document.querySelector("#roll")?.remove());
}

function layOut(): void {
  document.querySelector("#roll")?.remove();
  const shown = document.querySelector<HTMLElement>("till-slip .paper");
  if (!shown) return page.replaceSync("");
  const roll = document.createElement("div");
  roll.id = "roll";
  roll.append(shown.cloneNode(true));
  document.body.append(roll);
  const width = WIDTHS[shown.dataset["columns"] ?? ""] ?? 80;
  const height = Math.ceil(roll.scrollHeight * MILLIMETERS_PER_PIXEL) + MARGIN_MM;
  page.replaceSync(`@page { size: ${width}mm ${height}mm; margin: 0; }`);
}
